/* The store as a whole: turns, upkeep, figures, eras. */

#include "file.h"
#include "search.h"
#include "statement.h"
#include "store_message.h"
#include "wal.h"

/* ---- The turn ---- */

enum store_result store_commit(struct store *store)
{
    if (statement_is_to_fail(store) || batch_enter(store) != STORE_OK)
        return STORE_FAILED;
    if (!store->writing)
        return STORE_OK;
    if (file_is_lost(store))
        return STORE_FAILED; /* the second thread has logged it */
    enum store_result result = statement_run(store, store->statements[SQL_COMMIT]);
    if (result != STORE_OK)
        return result;
    store->writing = false;
    statement_works(store);
    if (store->wal)
        wal_end_turn(store);
    return STORE_OK;
}

void store_rollback(struct store *store)
{
    batch_drop(&store->batch);
    if (store->writing)
        statement_roll_back(store);
    store->writing = false;
}

/* Copying comes first: the log grows with every turn, while a late index only makes messages harder
 * to find. */
enum store_result store_upkeep(struct store *store)
{
    if (store->wal)
        file_watch(store);
    enum store_result copied = store->wal ? wal_copy(store) : STORE_NOTHING;
    return copied == STORE_NOTHING ? search_step(store) : copied;
}

bool store_upkeep_is_due(struct store *store)
{
    return store->wal && wal_is_due(store->wal);
}

static bool read_last_ids(sqlite3_stmt *row, void *room_r, void *message_r)
{
    *(int64_t *)room_r = sqlite3_column_int64(row, 0);
    *(int64_t *)message_r = sqlite3_column_int64(row, 1);
    return true;
}

enum store_result store_last_ids(struct store *store, int64_t *room_r, int64_t *message_r)
{
    struct binding b = statement_bind(store, SQL_LAST_IDS);
    return statement_rows(store, &b, read_last_ids, room_r, message_r);
}

static bool read_summary(sqlite3_stmt *row, void *each, void *user)
{
    struct store_summary *summary = each;
    (void)user;
    summary->rooms = sqlite3_column_int64(row, 0);
    summary->listed = sqlite3_column_int64(row, 1);
    summary->sessions = sqlite3_column_int64(row, 2);
    summary->tombstones = sqlite3_column_int64(row, 3);
    return true;
}

enum store_result store_summary(struct store *store, struct store_summary *summary_r)
{
    struct binding b = statement_bind(store, SQL_SUMMARY);
    summary_r->schema = SCHEMA_VERSION;
    return statement_rows(store, &b, read_summary, summary_r, NULL);
}

/* ---- Eras ---- */

enum store_result store_era_put(struct store *store, const struct era *era)
{
    struct binding b = statement_bind(store, SQL_ERA_PUT);
    bind_int(&b, era->from);
    bind_int(&b, era->offset_ms);
    return statement_write(store, &b);
}

enum store_result store_era_delete(struct store *store, int64_t from)
{
    struct binding b = statement_bind(store, SQL_ERA_DELETE);
    bind_int(&b, from);
    return statement_write(store, &b);
}

static bool read_era(sqlite3_stmt *row, void *all, void *user)
{
    (void)user;
    eras_add(all, (struct era){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)});
    return true;
}

enum store_result store_eras(struct store *store, struct eras *all)
{
    struct binding b = statement_bind(store, SQL_ERAS);
    return statement_rows(store, &b, read_era, all, NULL);
}
