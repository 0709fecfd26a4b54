#include "sqlite_wal.h"

#include <limits.h>

#include "sqlite_statement.h"

#define COPY_PAGES 1000 /* in the log: worth copying */
#define FEW_PAGES  500  /* left: a matter of milliseconds */
#define ROUNDS_MAX 8
#define LONG_PAGES 8000 /* a log that it is time to begin anew */

static int on_commit(void *user, sqlite3 *db, const char *name, int pages)
{
    struct sqlite_store *self = user;
    (void)db, (void)name;
    atomic_store(&self->wal->pages, pages);
    return SQLITE_OK;
}

void wal_begin(struct sqlite_store *self)
{
    sqlite3_wal_hook(self->db, on_commit, self);
}

void wal_end_turn(struct sqlite_store *self)
{
    struct wal *wal = self->wal;
    if (atomic_load(&wal->pages) < LONG_PAGES || !atomic_load(&wal->nearly))
        return;
    atomic_store(&wal->nearly, false);
    sqlite3_wal_checkpoint_v2(self->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* What turns add while it is copied is copied in the next round, and that is less each time. */
static int copy(struct sqlite_store *self, int *left_r)
{
    int rc = SQLITE_OK, pages = 0, copied = 0;
    *left_r = INT_MAX;
    for (int i = 0; i < ROUNDS_MAX && rc == SQLITE_OK && *left_r >= FEW_PAGES; i++) {
        rc =
            sqlite3_wal_checkpoint_v2(self->db, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
        *left_r = pages - copied;
    }
    return rc;
}

enum store_result wal_copy(struct sqlite_store *self)
{
    int left;
    if (atomic_load(&self->wal->pages) < COPY_PAGES || atomic_load(&self->wal->nearly))
        return STORE_NOTHING;
    int rc = copy(self, &left);
    if (rc == SQLITE_BUSY)
        return STORE_NOTHING;
    if (rc != SQLITE_OK)
        return statement_failed(self);
    if (left == 0)
        atomic_store(&self->wal->pages, 0); /* the next turn begins it anew */
    else if (left < FEW_PAGES)
        atomic_store(&self->wal->nearly, true);
    return STORE_OK;
}
