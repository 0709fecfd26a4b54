#include "sqlite_wal.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "sqlite_statement.h"

#define COPY_PAGES  1000 /* in the log: worth copying */
#define FEW_PAGES   500  /* left: a matter of milliseconds */
#define TRY_PAGES   100  /* more: worth another try */
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

/* Pages that are in the log alone. One that is shorter than what was copied has begun anew. */
static int left(struct wal *wal)
{
    int pages = atomic_load(&wal->pages), copied = atomic_load(&wal->copied);
    return pages < copied ? pages : pages - copied;
}

static int copy(struct sqlite_store *self)
{
    int pages = 0, copied = 0;
    int rc =
        sqlite3_wal_checkpoint_v2(self->db, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
    if (rc == SQLITE_OK)
        atomic_store(&self->wal->copied, copied);
    return rc;
}

/* Somebody who reads at that moment prevents it: then it is tried again some pages later. */
void wal_end_turn(struct sqlite_store *self)
{
    int pages = atomic_load(&self->wal->pages);
    if (pages < self->wal_tried)
        self->wal_tried = 0;
    if (pages < LONG_PAGES || left(self->wal) >= FEW_PAGES || pages - self->wal_tried < TRY_PAGES)
        return;
    self->wal_tried = pages;
    copy(self);
}

/* What turns add while it is copied is copied in the next round, and that is less each time. */
enum store_result wal_copy(struct sqlite_store *self)
{
    int rc = SQLITE_OK;
    if (left(self->wal) < COPY_PAGES)
        return STORE_NOTHING;
    for (int i = 0; i < ROUNDS_MAX && rc == SQLITE_OK && left(self->wal) >= TRY_PAGES; i++)
        rc = copy(self);
    if (rc == SQLITE_OK)
        return STORE_OK;
    if (rc == SQLITE_BUSY) /* the first connection is at it */
        return STORE_NOTHING;
    return statement_failed(self);
}
