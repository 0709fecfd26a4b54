/* Opening a SQLite store: is it ours, is it new, how is it to be used. */

#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "sqlite_store.h"

static int pragma(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int value = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* What is to be said against using this file; NULL: nothing. Only reads. */
static const char *objection(sqlite3 *db, bool *new_r)
{
    int application = pragma(db, "PRAGMA application_id");
    int version = pragma(db, "PRAGMA user_version");
    int tables = pragma(db, "SELECT count(*) FROM sqlite_schema");
    if (application < 0 || version < 0 || tables < 0)
        return sqlite3_errmsg(db);
    *new_r = tables == 0 && application == 0 && version == 0;
    if (*new_r)
        return NULL;
    if (application != SCHEMA_APPLICATION_ID)
        return "this is no store of coven's";
    return version == SCHEMA_VERSION ? NULL : "this store was made by another version of coven";
}

/* One daemon a file: the lock is taken at once and kept. */
static const char settings[] = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                               "PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;"
                               "PRAGMA temp_store=MEMORY; BEGIN IMMEDIATE; COMMIT;";

static int create(sqlite3 *db)
{
    char *sql = sqlite3_mprintf("BEGIN IMMEDIATE; %s PRAGMA application_id=%d;"
                                " PRAGMA user_version=%d; COMMIT;",
                                schema_tables, SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
    int rc = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
    return rc;
}

static int prepare(struct sqlite_store *self)
{
    int rc = SQLITE_OK;
    for (int i = 0; i < STATEMENT_COUNT && rc == SQLITE_OK; i++)
        rc = sqlite3_prepare_v3(self->db, schema_statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                                &self->statements[i], NULL);
    return rc;
}

static const char *open_db(struct sqlite_store *self, const char *path)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool new = false;
    if (sqlite3_open_v2(path ? path : ":memory:", &self->db, flags, NULL) != SQLITE_OK)
        return sqlite3_errmsg(self->db);
    const char *why = objection(self->db, &new);
    if (why)
        return why;
    int rc = sqlite3_exec(self->db, settings, NULL, NULL, NULL);
    if (rc == SQLITE_OK && new)
        rc = create(self->db);
    if (rc == SQLITE_OK)
        rc = prepare(self);
    return rc == SQLITE_OK ? NULL : sqlite3_errmsg(self->db);
}

struct store *store_sqlite_open(const char *path, char **why_r)
{
    struct sqlite_store *self = mem_new(sizeof *self);
    self->store.ops = &sqlite_ops;
    const char *why = open_db(self, path);
    if (!why)
        return &self->store;
    *why_r = mem_string(why);
    store_close(&self->store);
    return NULL;
}
