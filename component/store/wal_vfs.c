#include "wal_vfs.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

#define NAME         "coven-wal"
#define GATHER_BYTES (64 * 1024)

struct wal_vfs {
    sqlite3_vfs vfs;
    sqlite3_vfs *system;
};

struct wal_file {
    sqlite3_file file;
    sqlite3_file *system; /* follows this struct in memory */
    sqlite3_int64 at;     /* where in the file the gathered bytes belong */
    int count;
    char *bytes;
};

static sqlite3_file *system_of(sqlite3_file *file)
{
    return ((struct wal_file *)file)->system;
}

/* An error fails the call that needs the bytes in the file, and with it the commit. */
static int hand_over(sqlite3_file *file)
{
    struct wal_file *self = (struct wal_file *)file;
    int count = self->count;
    self->count = 0;
    return count > 0 ? self->system->pMethods->xWrite(self->system, self->bytes, count, self->at)
                     : SQLITE_OK;
}

static int on_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    struct wal_file *self = (struct wal_file *)file;
    bool follows = self->count > 0 && at == self->at + self->count;
    if (!follows || count > GATHER_BYTES - self->count) {
        int rc = hand_over(file);
        if (rc != SQLITE_OK)
            return rc;
        self->at = at;
    }
    if (count > GATHER_BYTES)
        return self->system->pMethods->xWrite(self->system, bytes, count, at);
    memcpy(self->bytes + self->count, bytes, (size_t)count);
    self->count += count;
    return SQLITE_OK;
}

/* Fails as a read, which rolls the whole transaction back; a full-disk error would not. */
static int on_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at)
{
    if (hand_over(file) != SQLITE_OK)
        return SQLITE_IOERR_READ;
    return system_of(file)->pMethods->xRead(system_of(file), bytes, count, at);
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int rc = hand_over(file);
    return rc == SQLITE_OK ? system_of(file)->pMethods->xTruncate(system_of(file), size) : rc;
}

static int on_sync(sqlite3_file *file, int flags)
{
    int rc = hand_over(file);
    return rc == SQLITE_OK ? system_of(file)->pMethods->xSync(system_of(file), flags) : rc;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size_r)
{
    int rc = hand_over(file);
    return rc == SQLITE_OK ? system_of(file)->pMethods->xFileSize(system_of(file), size_r) : rc;
}

static int on_close(sqlite3_file *file)
{
    int rc = hand_over(file), closed = system_of(file)->pMethods->xClose(system_of(file));
    free(((struct wal_file *)file)->bytes);
    return rc == SQLITE_OK ? closed : rc;
}

/* ---- Calls passed on to the system ---- */

static int on_lock(sqlite3_file *file, int lock)
{
    return system_of(file)->pMethods->xLock(system_of(file), lock);
}

static int on_unlock(sqlite3_file *file, int lock)
{
    return system_of(file)->pMethods->xUnlock(system_of(file), lock);
}

static int on_check_lock(sqlite3_file *file, int *locked_r)
{
    return system_of(file)->pMethods->xCheckReservedLock(system_of(file), locked_r);
}

static int on_control(sqlite3_file *file, int operation, void *argument)
{
    return system_of(file)->pMethods->xFileControl(system_of(file), operation, argument);
}

static int on_sector_size(sqlite3_file *file)
{
    return system_of(file)->pMethods->xSectorSize(system_of(file));
}

static int on_characteristics(sqlite3_file *file)
{
    return system_of(file)->pMethods->xDeviceCharacteristics(system_of(file));
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
};

/* All files but the log are the system's own. */
static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_r)
{
    sqlite3_vfs *system = ((struct wal_vfs *)vfs)->system;
    if (!(flags & SQLITE_OPEN_WAL))
        return system->xOpen(system, path, file, flags, flags_r);
    struct wal_file *self = (struct wal_file *)file;
    *self = (struct wal_file){.system = (sqlite3_file *)(self + 1)};
    int rc = system->xOpen(system, path, self->system, flags, flags_r);
    if (rc != SQLITE_OK)
        return rc;
    self->file.pMethods = &methods;
    self->bytes = mem_new(GATHER_BYTES);
    return SQLITE_OK;
}

const char *wal_vfs_name(void)
{
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    if (!system || sqlite3_vfs_find(NAME))
        return system ? NAME : NULL;
    struct wal_vfs *self = mem_new(sizeof *self); /* SQLite keeps it for the process's life */
    self->vfs = *system;
    self->vfs.zName = NAME;
    self->vfs.szOsFile += (int)sizeof(struct wal_file);
    self->vfs.xOpen = on_open;
    self->system = system;
    return sqlite3_vfs_register(&self->vfs, 0) == SQLITE_OK ? NAME : NULL;
}
