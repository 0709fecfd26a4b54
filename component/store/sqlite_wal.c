#include "sqlite_wal.h"

#include <unistd.h>

#include "sqlite_statement.h"
#include "sqlite_wal_file.h"

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
    struct sqlite_store *self = user;
    (void)db, (void)name;
    if (pages < atomic_load(&self->wal->pages))
        atomic_fetch_add(&self->wal->begun, 1);
    atomic_store(&self->wal->pages, pages);
    return SQLITE_OK;
}

void wal_begin(struct sqlite_store *self)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(self->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (file && file->pMethods) {
        sqlite3_exec(self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL); /* nobody else writes */
        wal_file_lengthen(file);
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
        if (self->full_sync)
            wal_file_gather(file);
    }
    sqlite3_wal_hook(self->db, on_commit, self);
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

static int copy(struct sqlite_store *self)
{
    int pages = 0, copied = 0;
    unsigned long long log = atomic_load(&self->wal->begun);
    int rc =
        sqlite3_wal_checkpoint_v2(self->db, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
    if (rc == SQLITE_OK)
        atomic_store(&self->wal->copied, log << 32 | (unsigned)copied);
    return rc;
}

/* Turns of very many pages never leave few. */
static bool is_time_to_begin_anew(struct wal *wal)
{
    int pages = atomic_load(&wal->pages);
    return pages >= MOST_PAGES || (pages >= LONG_PAGES && left(wal) < FEW_PAGES);
}

/* Somebody who reads at that moment prevents it: then it is tried again some pages later. */
void wal_end_turn(struct sqlite_store *self)
{
    int pages = atomic_load(&self->wal->pages);
    if (pages < self->wal_tried)
        self->wal_tried = 0;
    if (!is_time_to_begin_anew(self->wal) || pages - self->wal_tried < TRY_PAGES)
        return;
    self->wal_tried = pages;
    copy(self);
}

/* SQLite does that in a round that copied all there was; otherwise the first connection would have
 * to wait for it. */
static void sync_database(struct sqlite_store *self)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(self->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file && file->pMethods)
        file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

/* The log begins anew only while this connection does not read. With no turn there is no hurry. */
static void stand_aside(struct sqlite_store *self)
{
    if (is_time_to_begin_anew(self->wal))
        sync_database(self);
    for (int i = 0; i < ASIDE_TIMES && is_time_to_begin_anew(self->wal); i++)
        usleep(ASIDE_US);
}

/* What turns add while it is copied is copied in the next round, and that is less each time. As
 * long as another program reads what was true before, nothing is. */
enum store_result wal_copy(struct sqlite_store *self)
{
    int rc = SQLITE_OK;
    unsigned long long before = atomic_load(&self->wal->copied);
    if (!wal_is_due(self->wal))
        return STORE_NOTHING;
    for (int i = 0; i < ROUNDS_MAX && rc == SQLITE_OK && left(self->wal) >= TRY_PAGES; i++)
        rc = copy(self);
    if (rc == SQLITE_OK && atomic_load(&self->wal->copied) == before)
        return STORE_NOTHING;
    stand_aside(self);
    if (rc == SQLITE_OK)
        return STORE_OK;
    if (rc == SQLITE_BUSY) /* the first connection is at it */
        return STORE_NOTHING;
    return statement_failed(self);
}
