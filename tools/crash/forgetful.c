#include "forgetful.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "forgetful_disk.h"

/* An open file as SQLite holds it. The system's own file object follows it in memory and serves
 * locks and shared memory. */
struct forgetful {
    sqlite3_file base;
    struct disk_file *file;
    sqlite3_file *real;
};

static sqlite3_vfs *system_vfs(sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

static struct forgetful *of(sqlite3_file *file)
{
    return (struct forgetful *)(void *)file;
}

/* ---- What is kept in memory ---- */

static int on_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    size_t count = disk_read(of(file)->file, bytes, (size_t)len, (uint64_t)at);
    if (count == (size_t)len)
        return SQLITE_OK;
    memset((char *)bytes + count, 0, (size_t)len - count);
    return SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    disk_write(of(file)->file, bytes, (size_t)len, (uint64_t)at);
    return SQLITE_OK;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    disk_truncate(of(file)->file, (uint64_t)size);
    return SQLITE_OK;
}

static int on_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    return disk_sync(of(file)->file) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size_r)
{
    *size_r = (sqlite3_int64)disk_size(of(file)->file);
    return SQLITE_OK;
}

/* These hints would let the system's VFS change the real file. */
static int on_control(sqlite3_file *file, int op, void *arg)
{
    sqlite3_file *real = of(file)->real;
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE ||
        op == SQLITE_FCNTL_MMAP_SIZE)
        return SQLITE_NOTFOUND;
    return real->pMethods->xFileControl(real, op, arg);
}

static int on_sector_size(sqlite3_file *file)
{
    (void)file;
    return DISK_SECTOR;
}

/* A write leaves the bytes around it unchanged; nothing else is promised. */
static int on_traits(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- What the system does ---- */

static int on_close(sqlite3_file *file)
{
    sqlite3_file *real = of(file)->real;
    return real->pMethods->xClose(real);
}

static int on_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = of(file)->real;
    return real->pMethods->xLock(real, level);
}

static int on_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = of(file)->real;
    return real->pMethods->xUnlock(real, level);
}

static int on_check_lock(sqlite3_file *file, int *locked_r)
{
    sqlite3_file *real = of(file)->real;
    return real->pMethods->xCheckReservedLock(real, locked_r);
}

static int on_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **at_r)
{
    sqlite3_file *real = of(file)->real;
    return real->pMethods->xShmMap(real, page, size, extend, at_r);
}

static int on_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    sqlite3_file *real = of(file)->real;
    return real->pMethods->xShmLock(real, offset, count, flags);
}

static void on_shm_barrier(sqlite3_file *file)
{
    sqlite3_file *real = of(file)->real;
    real->pMethods->xShmBarrier(real);
}

static int on_shm_unmap(sqlite3_file *file, int delete)
{
    sqlite3_file *real = of(file)->real;
    return real->pMethods->xShmUnmap(real, delete);
}

/* Version 2: files are not mapped into memory. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
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
    .xDeviceCharacteristics = on_traits,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

/* ---- The VFS ---- */

/* Temporary files do not outlive a crash and stay with the system's VFS. */
static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_r)
{
    static const int kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL |
                            SQLITE_OPEN_SUPER_JOURNAL;
    sqlite3_vfs *system = system_vfs(vfs);
    if (!path || !(flags & kept))
        return system->xOpen(system, path, file, flags, flags_r);
    struct forgetful *self = of(file);
    self->base.pMethods = NULL;
    self->real = (sqlite3_file *)(void *)(self + 1);
    int rc = system->xOpen(system, path, self->real, flags, flags_r);
    if (rc != SQLITE_OK)
        return rc;
    self->file = disk_open(path);
    if (self->file) {
        self->base.pMethods = &methods;
        return SQLITE_OK;
    }
    self->real->pMethods->xClose(self->real);
    return SQLITE_CANTOPEN;
}

/* A deletion takes effect at once, whether the folder is synced or not. */
static int on_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    disk_forget(path);
    return system_vfs(vfs)->xDelete(system_vfs(vfs), path, sync);
}

void forgetful_install(uint64_t seed, bool lies)
{
    static sqlite3_vfs vfs;
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    coven_assert(system && system != &vfs);
    vfs = *system; /* names, randomness, time: only opening differs */
    vfs.zName = "forgetful";
    vfs.pAppData = system;
    vfs.szOsFile = (int)sizeof(struct forgetful) + system->szOsFile;
    vfs.xOpen = on_open;
    vfs.xDelete = on_delete;
    disk_begin(seed, lies);
    atexit(disk_sync_all);
    int rc = sqlite3_vfs_register(&vfs, 1);
    coven_assert(rc == SQLITE_OK);
}
