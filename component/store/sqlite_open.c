/* Opening a SQLite store: is it ours, is it new or old, how is it to be used. */

#include "sqlite_open.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coven/log.h"
#include "coven/mem.h"
#include "sqlite_file.h"
#include "sqlite_search.h"
#include "sqlite_statement.h"
#include "sqlite_wal.h"
#include "sqlite_wal_file.h"

#define READ_ONLY "this process may read the file, but not write it"

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
static const char *objection(sqlite3 *db, int *version_r)
{
    int application = pragma(db, "PRAGMA application_id");
    int version = pragma(db, "PRAGMA user_version");
    int tables = pragma(db, "SELECT count(*) FROM sqlite_schema");
    if (application < 0 || version < 0 || tables < 0)
        return sqlite3_errmsg(db);
    *version_r = version;
    if (tables == 0 && application == 0 && version == 0)
        return NULL;
    if (application != SCHEMA_APPLICATION_ID || version == 0)
        return "this is no store of coven's";
    return version > SCHEMA_VERSION ? "this store was made by a newer version of coven" : NULL;
}

static int make_settings(struct sqlite_store *self)
{
    char *sql = sqlite3_mprintf("PRAGMA journal_mode = WAL; PRAGMA synchronous = %s;"
                                "PRAGMA journal_size_limit = %d;"
                                "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
                                "BEGIN IMMEDIATE; COMMIT;",
                                self->full_sync ? "FULL" : "NORMAL", WAL_FILE_BYTES);
    int rc = sqlite3_exec(self->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return rc;
}

/* An upgrade cannot be taken back, so the file as it was stays beside the new one. */
static const char *keep_copy(struct sqlite_store *self, int version)
{
    char *path = sqlite3_mprintf("%s-schema-%d", self->path, version);
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", path);
    const char *why = file_make(path);
    if (!why && sqlite3_exec(self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        why = sqlite3_errmsg(self->db);
    else if (!why && !file_sync(path))
        why = strerror(errno);
    if (!why)
        log_info("store: upgrading %s from schema %d to %d; the old file is kept as %s", self->path,
                 version, SCHEMA_VERSION, path);
    sqlite3_free(sql);
    sqlite3_free(path);
    return why;
}

/* All of it or nothing: a store is never between two versions. */
static int bring_up_to_date(sqlite3 *db, int version)
{
    char *sql = sqlite3_mprintf("BEGIN IMMEDIATE; %s", version == 0 ? schema_tables : "");
    for (; version > 0 && version < SCHEMA_VERSION; version++)
        sql = sqlite3_mprintf("%z%s", sql, schema_migrations[version]);
    sql = sqlite3_mprintf("%z PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;", sql,
                          SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
    int rc = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
    return rc;
}

/* Under another name until it is whole: whatever ends this process, there is no half of a store. */
static const char *make_store(const struct sqlite_store *self)
{
    sqlite3 *db = NULL;
    char *path = sqlite3_mprintf("%s-new", self->path);
    char *journal = sqlite3_mprintf("%s-journal", path);
    unlink(journal);
    const char *why = file_make(path);
    if (!why && (sqlite3_open(path, &db) != SQLITE_OK || bring_up_to_date(db, 0) != SQLITE_OK))
        why = sqlite3_errstr(sqlite3_errcode(db));
    sqlite3_close(db);
    if (!why)
        why = file_settle(self, path);
    if (why)
        unlink(path);
    sqlite3_free(journal);
    sqlite3_free(path);
    return why;
}

/* Locks it, and sees to it that there is one. */
static const char *find_or_make(struct sqlite_store *self)
{
    bool found = false;
    const char *why = file_lock(self);
    if (!why)
        why = file_find(self, &found);
    return why || found ? why : make_store(self);
}

static int prepare(struct sqlite_store *self)
{
    int rc = statement_prepare(self, 0, self->searches ? STATEMENT_COUNT : SQL_SEARCH_BEGIN);
    if (rc == SQLITE_OK)
        batch_check(self);
    return rc;
}

static int connect(struct sqlite_store *self)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int rc = sqlite3_open_v2(self->path ? self->path : ":memory:", &self->db, flags, NULL);
    if (rc == SQLITE_OK)
        sqlite3_busy_timeout(self->db, 1000); /* somebody makes a backup, say */
    return rc;
}

static const char *open_search(struct sqlite_store *self)
{
    self->searches = true;
    return search_open(self);
}

/* The first connection; one to memory is the only one, and searches too. */
static const char *open_first(struct sqlite_store *self)
{
    int version = 0;
    const char *why = self->path ? find_or_make(self) : NULL;
    if (why)
        return why;
    if (connect(self) != SQLITE_OK)
        return sqlite3_errmsg(self->db);
    why = objection(self->db, &version);
    if (why)
        return why;
    if (sqlite3_db_readonly(self->db, "main"))
        return READ_ONLY;
    if (self->path)
        why = file_make_private(self);
    if (!why && self->path && version > 0 && version < SCHEMA_VERSION)
        why = keep_copy(self, version);
    if (why)
        return why;
    int rc = make_settings(self);
    if (rc == SQLITE_OK && version != SCHEMA_VERSION)
        rc = bring_up_to_date(self->db, version);
    if (rc != SQLITE_OK)
        return rc == SQLITE_BUSY ? FILE_IN_USE : sqlite3_errmsg(self->db);
    why = self->path ? NULL : open_search(self);
    if (why)
        return why;
    if (self->path) {
        wal_begin(self);
        file_note(self);
    }
    return prepare(self) == SQLITE_OK ? NULL : sqlite3_errmsg(self->db);
}

/* For another thread, to search or only to read. */
static const char *open_further(struct sqlite_store *self, bool searches)
{
    if (connect(self) != SQLITE_OK || make_settings(self) != SQLITE_OK)
        return sqlite3_errmsg(self->db);
    const char *why = searches ? open_search(self) : NULL;
    if (why)
        return why;
    return prepare(self) == SQLITE_OK ? NULL : sqlite3_errmsg(self->db);
}

static struct sqlite_store *store_new(const char *path, bool full_sync)
{
    struct sqlite_store *self = mem_new(sizeof *self);
    self->store.ops = &sqlite_ops;
    self->path = mem_string(path);
    self->full_sync = full_sync;
    self->lock = -1;
    return self;
}

struct store *store_sqlite_open(const struct store_settings *settings, char **why_r)
{
    /* What SQLite counts of its memory, nobody asks for, and two threads would wait for it. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct sqlite_store *self = store_new(settings->path, settings->full_sync);
    if (self->path)
        self->wal = mem_new(sizeof *self->wal);
    const char *why = open_first(self);
    if (!why)
        return &self->store;
    *why_r = mem_string(why);
    store_close(&self->store);
    return NULL;
}

static enum store_result further(struct store *store, bool searches, struct store **further_r,
                                 char **why_r)
{
    struct sqlite_store *first = sqlite_of(store);
    if (!first->path)
        return STORE_NOTHING;
    struct sqlite_store *self = store_new(first->path, first->full_sync);
    self->second = true;
    self->wal = first->wal;
    const char *why = open_further(self, searches);
    if (!why) {
        *further_r = &self->store;
        return STORE_OK;
    }
    *why_r = mem_string(why);
    store_close(&self->store);
    return STORE_FAILED;
}

enum store_result sqlite_second(struct store *store, struct store **second_r, char **why_r)
{
    return further(store, true, second_r, why_r);
}

enum store_result sqlite_reader(struct store *store, struct store **reader_r, char **why_r)
{
    return further(store, false, reader_r, why_r);
}

void sqlite_close(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    store_rollback(store);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(self->statements[i]);
    sqlite3_close(self->db);
    if (self->lock >= 0)
        close(self->lock);
    if (!self->second)
        free(self->wal);
    buf_free(&self->batch.bytes);
    free(self->path);
    free(self);
}
