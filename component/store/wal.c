#include "wal.h"

#include <unistd.h>

#include "statement.h"
#include "wal_file.h"

#define COPY_PAGES  3000 /* in the log: worth copying, most of them once */
#define FEW_PAGES   500  /* left: a matter of milliseconds */
#define TRY_PAGES   100  /* more: worth another try */
#define ROUNDS_MAX  8
#define LONG_PAGES  3000 /* a log that it is time to begin anew, */
#define MOST_PAGES  6000 /* and one for which turns have to wait, whatever is left */

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
    sqlite3_file *file = NULL;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (file && file->pMethods) {
        sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL); /* nobody else writes */
        wal_file_lengthen(file);
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        if (store->full_sync)
            wal_file_gather(file);
    }
    sqlite3_wal_hook(store->db, on_commit, store);
}

/* Pages that are in the log alone. */
static int left(struct wal *wal)
{
    unsigned long long copied = atomic_load(&wal->copied);
    int pages = atomic_load(&wal->pages);
    return copied >> 32 == atomic_load(&wal->begun) ? pages - (int)(copied & UINT32_MAX) : pages;
}

bool wal_is_due(struct wal *wal)
{
    return left(wal) >= COPY_PAGES;
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

/* Turns of very many pages never leave few. */
static bool is_time_to_begin_anew(struct wal *wal)
{
    int pages = atomic_load(&wal->pages);
    return pages >= MOST_PAGES || (pages >= LONG_PAGES && left(wal) < FEW_PAGES);
}

/* Somebody who reads at that moment prevents it: then it is tried again some pages later. */
void wal_end_turn(struct store *store)
{
    int pages = atomic_load(&store->wal->pages);
    if (pages < store->wal_tried)
        store->wal_tried = 0;
    if (!is_time_to_begin_anew(store->wal) || pages - store->wal_tried < TRY_PAGES)
        return;
    store->wal_tried = pages;
    copy(store);
}

/* SQLite does that in a round that copied all there was; otherwise the first connection would have
 * to wait for it. */
static void sync_database(struct store *store)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file && file->pMethods)
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

/* The log begins anew only while this connection does not read. With no turn there is no hurry. */
static void stand_aside(struct store *store)
{
    if (is_time_to_begin_anew(store->wal))
        sync_database(store);
    for (int i = 0; i < ASIDE_TIMES && is_time_to_begin_anew(store->wal); i++)
        usleep(ASIDE_US);
}

/* What turns add while it is copied is copied in the next round, and that is less each time. As
 * long as another program reads what was true before, nothing is. */
enum store_result wal_copy(struct store *store)
{
    int rc = SQLITE_OK;
    unsigned long long before = atomic_load(&store->wal->copied);
    if (!wal_is_due(store->wal))
        return STORE_NOTHING;
    for (int i = 0; i < ROUNDS_MAX && rc == SQLITE_OK && left(store->wal) >= TRY_PAGES; i++)
        rc = copy(store);
    if (rc == SQLITE_OK && atomic_load(&store->wal->copied) == before)
        return STORE_NOTHING;
    stand_aside(store);
    if (rc == SQLITE_OK)
        return STORE_OK;
    if (rc == SQLITE_BUSY) /* the first connection is at it */
        return STORE_NOTHING;
    return statement_failed(store, rc);
}
