#include "wal_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

#define PIECE_BYTES (64 * 1024) /* SQLite takes 128 KiB at once for nothing, and says "full" */

void wal_file_lengthen(sqlite3_file *file)
{
    sqlite3_int64 before = 0;
    char *zeros = mem_new(PIECE_BYTES);
    int rc = file->pMethods->xFileSize(file, &before);
    for (sqlite3_int64 at = before; rc == SQLITE_OK && at < WAL_FILE_BYTES; at += PIECE_BYTES)
        rc = file->pMethods->xWrite(file, zeros, PIECE_BYTES, at);
    if (rc != SQLITE_OK) /* the little space that there is, is wanted for other things */
        file->pMethods->xTruncate(file, before);
    file->pMethods->xSync(file, SQLITE_SYNC_FULL);
    free(zeros);
}

/* A file finds its methods by a pointer; these know the system's own, and have room for bytes. */
struct gathering {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *system;
    sqlite3_int64 at; /* where in the file the bytes belong */
    int count;
    char bytes[PIECE_BYTES];
};

static struct gathering *gathering_of(sqlite3_file *file)
{
    return (struct gathering *)file->pMethods;
}

/* If it fails, so does the call that wanted it, and with that the commit that wrote the bytes. */
static int hand_over(sqlite3_file *file)
{
    struct gathering *self = gathering_of(file);
    int count = self->count;
    self->count = 0;
    return count > 0 ? self->system->xWrite(file, self->bytes, count, self->at) : SQLITE_OK;
}

static int on_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    struct gathering *self = gathering_of(file);
    bool follows = self->count > 0 && at == self->at + self->count;
    if (!follows || count > PIECE_BYTES - self->count) {
        int rc = hand_over(file);
        if (rc != SQLITE_OK)
            return rc;
        self->at = at;
    }
    if (count > PIECE_BYTES)
        return self->system->xWrite(file, bytes, count, at);
    memcpy(self->bytes + self->count, bytes, (size_t)count);
    self->count += count;
    return SQLITE_OK;
}

/* A full disk, unlike any other error of a read, would not take the whole transaction back. */
static int on_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at)
{
    if (hand_over(file) != SQLITE_OK)
        return SQLITE_IOERR_READ;
    return gathering_of(file)->system->xRead(file, bytes, count, at);
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int rc = hand_over(file);
    return rc == SQLITE_OK ? gathering_of(file)->system->xTruncate(file, size) : rc;
}

static int on_sync(sqlite3_file *file, int flags)
{
    int rc = hand_over(file);
    return rc == SQLITE_OK ? gathering_of(file)->system->xSync(file, flags) : rc;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size_r)
{
    int rc = hand_over(file);
    return rc == SQLITE_OK ? gathering_of(file)->system->xFileSize(file, size_r) : rc;
}

static int on_close(sqlite3_file *file)
{
    struct gathering *self = gathering_of(file);
    int rc = hand_over(file);
    int closed = self->system->xClose(file);
    free(self);
    return rc == SQLITE_OK ? closed : rc;
}

void wal_file_gather(sqlite3_file *file)
{
    struct gathering *self = mem_new(sizeof *self);
    self->system = file->pMethods;
    self->methods = *file->pMethods; /* those that have nothing to do with what is written */
    self->methods.xWrite = on_write;
    self->methods.xRead = on_read;
    self->methods.xTruncate = on_truncate;
    self->methods.xSync = on_sync;
    self->methods.xFileSize = on_size;
    self->methods.xClose = on_close;
    file->pMethods = &self->methods;
}
