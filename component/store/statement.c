#include "statement.h"

#include "coven/clock.h"
#include "coven/log.h"

void bind_int(struct binding *b, int64_t value)
{
    sqlite3_bind_int64(b->statement, b->next++, value);
}

void bind_text(struct binding *b, struct span text)
{
    sqlite3_bind_text(b->statement, b->next++, text.at ? text.at : "", (int)text.len,
                      SQLITE_STATIC);
}

void bind_blob(struct binding *b, struct span bytes)
{
    sqlite3_bind_blob(b->statement, b->next++, bytes.at ? bytes.at : "", (int)bytes.len,
                      SQLITE_STATIC);
}

int statement_prepare(struct store *store, int from, int to)
{
    int rc = SQLITE_OK;
    for (int i = from; i < to && rc == SQLITE_OK; i++)
        rc = sqlite3_prepare_v3(store->db, schema_statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                                &store->statements[i], NULL);
    return rc;
}

#define TO_FAIL   (-1) /* not a code of SQLite's: a test makes this step fail */
#define SILENT_MS 1000 /* between two log lines about failures */

enum store_result statement_failed(struct store *store, int code)
{
    int64_t now = clock_mono_ms();
    store->damaged = store->damaged || code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    bool said =
        store->failing == code || (store->failing_ms > 0 && now - store->failing_ms < SILENT_MS);
    if (code == SQLITE_INTERRUPT) /* only a search is interrupted */
        return STORE_LATE;
    if (said || code == TO_FAIL)
        return STORE_FAILED;
    store->failing = code;
    store->failing_ms = now;
    log_error("store: %s: %s", sqlite3_errmsg(store->db),
              store->second ? "archives may be incomplete until the store recovers"
                            : "requests that must be stored are refused until the store recovers");
    return STORE_FAILED;
}

void statement_works(struct store *store)
{
    if (store->failing != SQLITE_OK)
        log_info("store: recovered%s", store->second ? " (second thread)" : "");
    store->failing = SQLITE_OK;
}

bool statement_is_to_fail(struct store *store)
{
    unsigned *left = store->fail_at;
    return left && *left > 0 && --*left == 0;
}

static int step(struct store *store, sqlite3_stmt *statement)
{
    return statement_is_to_fail(store) ? TO_FAIL : sqlite3_step(statement);
}

static void release(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

enum store_result statement_run(struct store *store, sqlite3_stmt *statement)
{
    int rc = step(store, statement);
    enum store_result result =
        rc == SQLITE_DONE || rc == SQLITE_ROW ? STORE_OK : statement_failed(store, rc);
    release(statement);
    return result;
}

void statement_roll_back(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_step(store->statements[SQL_ROLLBACK]);
    sqlite3_reset(store->statements[SQL_ROLLBACK]);
}

/* Nothing more of a turn may be written after an error that ended its transaction, or after a
 * message that could not be inserted. */
static enum store_result open_transaction(struct store *store)
{
    if (store->batch.failed)
        return STORE_FAILED;
    if (store->writing)
        return sqlite3_get_autocommit(store->db) ? STORE_FAILED : STORE_OK;
    enum store_result result = statement_run(store, store->statements[SQL_BEGIN]);
    store->writing = result == STORE_OK;
    return result;
}

enum store_result statement_write(struct store *store, struct binding *b)
{
    enum store_result result = open_transaction(store);
    if (result == STORE_OK)
        return statement_run(store, b->statement);
    release(b->statement);
    return result;
}

struct span statement_column(sqlite3_stmt *row, int i)
{
    const void *bytes = sqlite3_column_blob(row, i);
    return (struct span){bytes, (size_t)sqlite3_column_bytes(row, i)};
}

enum store_result statement_rows(struct store *store, struct binding *b, row_reader *read,
                                 void *each, void *user)
{
    int rc, rows = 0;
    bool more = true;
    while (more && (rc = step(store, b->statement)) == SQLITE_ROW) {
        more = read(b->statement, each, user);
        rows++;
    }
    bool good = !more || rc == SQLITE_DONE;
    enum store_result result = !good  ? statement_failed(store, rc)
                               : rows ? STORE_OK
                                      : STORE_NOTHING;
    release(b->statement);
    return result;
}

bool statement_number(sqlite3_stmt *row, void *number_r, void *user)
{
    (void)user;
    *(int64_t *)number_r = sqlite3_column_int64(row, 0);
    return true;
}

bool statement_text(sqlite3_stmt *row, void *each, void *user)
{
    (*(store_text_each **)each)(user, statement_column(row, 0));
    return true;
}
