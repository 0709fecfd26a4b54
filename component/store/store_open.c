/* Opening and closing connections: creation, checks, upgrades, settings. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coven/log.h"
#include "coven/mem.h"
#include "file.h"
#include "search.h"
#include "statement.h"
#include "wal.h"
#include "wal_vfs.h"

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

/* Why this file cannot be used; NULL: it can. Changes nothing. */
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
        return "this is not a coven store";
    return version > SCHEMA_VERSION ? "this store is from a newer version of coven" : NULL;
}

static int make_settings(struct store *store)
{
    char *sql = sqlite3_mprintf("PRAGMA journal_mode = WAL; PRAGMA synchronous = %s;"
                                "PRAGMA journal_size_limit = %d;"
                                "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
                                "PRAGMA secure_delete = FAST;"
                                "BEGIN IMMEDIATE; COMMIT;",
                                store->full_sync ? "FULL" : "NORMAL", WAL_BYTES);
    int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return rc;
}

/* An upgrade cannot be undone, so a copy of the old file stays beside the new one. */
static const char *keep_copy(struct store *store, int version)
{
    char *path = sqlite3_mprintf("%s-schema-%d", store->path, version);
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", path);
    const char *why = file_make(path);
    if (!why && sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        why = sqlite3_errmsg(store->db);
    else if (!why && !file_sync(path))
        why = strerror(errno);
    if (!why)
        log_info("store: upgrading %s from schema %d to %d; the old file is kept as %s",
                 store->path, version, SCHEMA_VERSION, path);
    sqlite3_free(sql);
    sqlite3_free(path);
    return why;
}

/* Upgrades in one transaction, so that a store is never between two versions. */
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

/* Makes the store under another name until it is complete, so that no crash leaves half a store. */
static const char *make_store(const struct store *store)
{
    sqlite3 *db = NULL;
    char *path = sqlite3_mprintf("%s-new", store->path);
    char *journal = sqlite3_mprintf("%s-journal", path);
    unlink(journal);
    const char *why = file_make(path);
    if (!why && (sqlite3_open(path, &db) != SQLITE_OK || bring_up_to_date(db, 0) != SQLITE_OK))
        why = sqlite3_errstr(sqlite3_errcode(db));
    sqlite3_close(db);
    if (!why)
        why = file_settle(store, path);
    if (why)
        unlink(path);
    sqlite3_free(journal);
    sqlite3_free(path);
    return why;
}

static const char *find_or_make(struct store *store)
{
    bool found = false;
    const char *why = file_lock(store);
    if (!why)
        why = file_find(store, &found);
    return why || found ? why : make_store(store);
}

static int prepare(struct store *store)
{
    int rc = statement_prepare(store, 0, store->searches ? STATEMENT_COUNT : SQL_SEARCH_BEGIN);
    if (rc == SQLITE_OK)
        batch_check(store);
    return rc;
}

/* `vfs` NULL: the default one. */
static int connect(struct store *store, const char *vfs)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int rc = sqlite3_open_v2(store->path ? store->path : ":memory:", &store->db, flags, vfs);
    if (rc == SQLITE_OK)
        sqlite3_busy_timeout(store->db, 1000); /* while another program makes a backup */
    return rc;
}

static const char *open_search(struct store *store)
{
    store->searches = true;
    return search_open(store);
}

/* The first connection. In memory it is the only one, so it searches too. */
static const char *open_first(struct store *store)
{
    int version = 0;
    const char *why = store->path ? find_or_make(store) : NULL;
    if (why)
        return why;
    if (connect(store, store->path && store->full_sync ? wal_vfs_name() : NULL) != SQLITE_OK)
        return sqlite3_errmsg(store->db);
    why = objection(store->db, &version);
    if (why)
        return why;
    if (sqlite3_db_readonly(store->db, "main"))
        return READ_ONLY;
    if (store->path)
        why = file_make_private(store);
    if (!why && store->path && version > 0 && version < SCHEMA_VERSION)
        why = keep_copy(store, version);
    if (why)
        return why;
    int rc = make_settings(store);
    if (rc == SQLITE_OK && version != SCHEMA_VERSION)
        rc = bring_up_to_date(store->db, version);
    if (rc != SQLITE_OK)
        return rc == SQLITE_BUSY ? FILE_IN_USE : sqlite3_errmsg(store->db);
    why = store->path ? NULL : open_search(store);
    if (why)
        return why;
    if (store->path) {
        wal_begin(store);
        file_note(store);
    }
    return prepare(store) == SQLITE_OK ? NULL : sqlite3_errmsg(store->db);
}

static const char *open_further(struct store *store, bool searches)
{
    if (connect(store, NULL) != SQLITE_OK || make_settings(store) != SQLITE_OK)
        return sqlite3_errmsg(store->db);
    const char *why = searches ? open_search(store) : NULL;
    if (why)
        return why;
    return prepare(store) == SQLITE_OK ? NULL : sqlite3_errmsg(store->db);
}

static struct store *store_new(const char *path, bool full_sync)
{
    struct store *store = mem_new(sizeof *store);
    store->path = mem_string(path);
    store->full_sync = full_sync;
    store->lock = -1;
    return store;
}

struct store *store_open(const struct store_settings *settings, char **why_r)
{
    /* Nobody reads SQLite's memory statistics, and their lock would hold up the other thread. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct store *store = store_new(settings->path, settings->full_sync);
    if (store->path)
        store->wal = mem_new(sizeof *store->wal);
    const char *why = open_first(store);
    if (!why)
        return store;
    *why_r = mem_string(why);
    store_close(store);
    return NULL;
}

static enum store_result further(const struct store *first, bool searches, struct store **further_r,
                                 char **why_r)
{
    if (!first->path)
        return STORE_NOTHING;
    struct store *store = store_new(first->path, first->full_sync);
    store->second = true;
    store->wal = first->wal;
    const char *why = open_further(store, searches);
    if (!why) {
        *further_r = store;
        return STORE_OK;
    }
    *why_r = mem_string(why);
    store_close(store);
    return STORE_FAILED;
}

enum store_result store_second(struct store *store, struct store **second_r, char **why_r)
{
    return further(store, true, second_r, why_r);
}

enum store_result store_reader(struct store *store, struct store **reader_r, char **why_r)
{
    return further(store, false, reader_r, why_r);
}

void store_fail_at(struct store *store, unsigned *fail_at)
{
    store->fail_at = fail_at;
}

void store_close(struct store *store)
{
    store_rollback(store);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    if (store->lock >= 0)
        close(store->lock);
    if (!store->second)
        free(store->wal);
    buf_free(&store->batch.bytes);
    words_free(&store->words);
    free(store->path);
    free(store);
}
