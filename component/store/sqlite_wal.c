#include "sqlite_wal.h"

#include <limits.h>
#include <stdlib.h>

#include "coven/log.h"
#include "coven/mem.h"

#define COPY_PAGES  1000 /* in the log: worth copying */
#define FEW_PAGES   500  /* left: a matter of milliseconds */
#define ROUNDS_MAX  8
#define LONG_PAGES  4000 /* a log that it is time to begin anew */

#define FILE_BYTES  (16 * 1024 * 1024) /* of so many pages, nearly */
#define PIECE_BYTES (1024 * 1024)

static int on_commit(void *user, sqlite3 *db, const char *name, int pages)
{
    struct sqlite_store *self = user;
    (void)db, (void)name;
    atomic_store(&self->wal->pages, pages);
    return SQLITE_OK;
}

/* Zeros are no part of a log. Without space for them it goes on as it is. */
static void lengthen(sqlite3_file *file)
{
    sqlite3_int64 size = 0;
    char *zeros = mem_new(PIECE_BYTES);
    int rc = file->pMethods->xFileSize(file, &size);
    for (; rc == SQLITE_OK && size < FILE_BYTES; size += PIECE_BYTES)
        rc = file->pMethods->xWrite(file, zeros, PIECE_BYTES, size);
    file->pMethods->xSync(file, SQLITE_SYNC_FULL);
    free(zeros);
}

void wal_begin(struct sqlite_store *self)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(self->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (file && file->pMethods)
        lengthen(file);
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
    if (rc != SQLITE_OK) {
        log_error("store: copying the log: %s", sqlite3_errmsg(self->db));
        return STORE_FAILED;
    }
    if (left == 0)
        atomic_store(&self->wal->pages, 0); /* the next turn begins it anew */
    else if (left < FEW_PAGES)
        atomic_store(&self->wal->nearly, true);
    return STORE_OK;
}
