#include "wal.h"

#include <unistd.h>

#include "statement.h"

/* Numbers of pages. */
#define COPY_PAGES  3000 /* in the log alone: time to copy them */
#define FEW_PAGES   500  /* in the log alone: the first connection copies them in milliseconds */
#define TRY_PAGES   100  /* written since the last try to copy: time for another one */
#define LONG_PAGES  3000 /* in the log: time to restart it */
#define MOST_PAGES  6000 /* in the log: time to restart it, however long a turn waits for that */

#define ROUNDS_MAX  8
#define ASIDE_TIMES 40
#define ASIDE_US    500

static int on_commit(void *user, sqlite3 *db, const char *name, int pages)
{
    struct store *store = user;
    (void)db, (void)name;
    if (pages < atomic_load(&store->wal->pages))
        atomic_fetch_add(&store->wal->begun, 1);
    atomic_store(&store->wal->pages, pages);
    return SQLITE_OK;
}

void wal_begin(struct store *store)
{
    sqlite3_wal_hook(store->db, on_commit, store);
}

/* The number of pages that are in the log alone. */
static int left(struct wal *wal)
{
    unsigned long long copied = atomic_load(&wal->copied);
    int pages = atomic_load(&wal->pages);
    return copied >> 32 == atomic_load(&wal->begun) ? pages - (int)(copied & UINT32_MAX) : pages;
}

bool wal_is_due(struct wal *wal)
{
    return atomic_load(&wal->held) == 0 && (left(wal) >= COPY_PAGES || atomic_load(&wal->behind));
}

void wal_hold(struct wal *wal)
{
    atomic_fetch_add(&wal->held, 1);
}

void wal_release(struct wal *wal)
{
    atomic_store(&wal->behind, true);
    atomic_fetch_sub(&wal->held, 1);
}

bool wal_exceeds(struct wal *wal, unsigned mib)
{
    return mib > 0 && (int64_t)atomic_load(&wal->pages) * WAL_PAGE > (int64_t)mib * 1024 * 1024;
}

static int copy(struct store *store)
{
    int pages = 0, copied = 0;
    unsigned long long log = atomic_load(&store->wal->begun);
    int rc =
        sqlite3_wal_checkpoint_v2(store->db, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
    if (rc == SQLITE_OK)
        atomic_store(&store->wal->copied, log << 32 | (unsigned)copied);
    return rc;
}

/* At MOST_PAGES even if many pages are left: many always are when each turn writes a lot. */
static bool is_time_to_restart(struct wal *wal)
{
    int pages = atomic_load(&wal->pages);
    return pages >= MOST_PAGES || (pages >= LONG_PAGES && left(wal) < FEW_PAGES);
}

/* A reader at the same moment prevents the restart; the next try is some pages later. */
void wal_end_turn(struct store *store)
{
    int pages = atomic_load(&store->wal->pages);
    if (atomic_load(&store->wal->held) > 0 || atomic_load(&store->wal->behind))
        return;
    if (pages < store->wal_tried)
        store->wal_tried = 0;
    if (!is_time_to_restart(store->wal) || pages - store->wal_tried < TRY_PAGES)
        return;
    store->wal_tried = pages;
    copy(store);
}

/* SQLite syncs the database only after it has copied all pages. If it has not, the first connection
 * would have to wait for the sync later. */
static void sync_database(struct store *store)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file && file->pMethods)
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

/* Lets the first connection restart the log, which it cannot while this one reads. Gives up after a
 * while, because without turns the log does not grow. */
static void stand_aside(struct store *store)
{
    if (is_time_to_restart(store->wal))
        sync_database(store);
    for (int i = 0; i < ASIDE_TIMES && is_time_to_restart(store->wal); i++)
        usleep(ASIDE_US);
}

/* Each round copies the pages that turns wrote during the last round: fewer each time. While
 * another program reads an old state, no page after that state can be copied. */
enum store_result wal_copy(struct store *store)
{
    int rc = SQLITE_OK;
    unsigned long long before = atomic_load(&store->wal->copied);
    if (!wal_is_due(store->wal))
        return STORE_NOTHING;
    for (int i = 0; i < ROUNDS_MAX && rc == SQLITE_OK && left(store->wal) >= TRY_PAGES; i++)
        rc = copy(store);
    if (left(store->wal) < COPY_PAGES)
        atomic_store(&store->wal->behind, false);
    if (rc == SQLITE_OK && atomic_load(&store->wal->copied) == before)
        return STORE_NOTHING;
    stand_aside(store);
    if (rc == SQLITE_OK)
        return STORE_OK;
    if (rc == SQLITE_BUSY) /* the first connection is copying */
        return STORE_NOTHING;
    return statement_failed(store, rc);
}
