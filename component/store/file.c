#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/log.h"
#include "coven/mem.h"

#define NOWHERE  "this is a link to a file that does not exist"
#define EMPTY    "this file is empty: it is damaged (to start with a new store, delete it)"
#define LOG_ONLY "the file is missing, but its log (-wal) exists"

#define WATCH_MS 1000  /* between two checks of the files */
#define LOUD_MS  60000 /* between two log lines about lost files */

/* SQLite's locks are between connections, and a daemon has several, so the folder is locked
 * instead. If the path is a link, that is the folder of the file itself. */
const char *file_lock(struct store *store)
{
    char *file = realpath(store->path, NULL); /* NULL: it does not exist yet */
    const char *path = file ? file : store->path, *slash = strrchr(path, '/');
    char *folder = slash ? mem_copy(path, (size_t)(slash - path + 1)) : mem_string(".");
    free(file);
    store->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (store->lock < 0)
        return strerror(errno);
    return flock(store->lock, LOCK_EX | LOCK_NB) == 0 ? NULL : FILE_IN_USE;
}

/* ---- Existence ---- */

static bool log_is_there(const struct store *store)
{
    struct stat status;
    char *log = sqlite3_mprintf("%s-wal", store->path);
    bool there = stat(log, &status) == 0 && status.st_size > 0;
    sqlite3_free(log);
    return there;
}

/* SQLite takes an empty file for a new database, and any log beside a file for its log. A store
 * gets its name only when it is complete, so an interrupted start leaves neither of them. */
const char *file_find(const struct store *store, bool *found_r)
{
    struct stat status;
    *found_r = stat(store->path, &status) == 0;
    if (*found_r)
        return S_ISREG(status.st_mode) && status.st_size == 0 ? EMPTY : NULL;
    if (errno != ENOENT)
        return strerror(errno);
    if (lstat(store->path, &status) == 0)
        return NOWHERE;
    return log_is_there(store) ? LOG_ONLY : NULL;
}

/* ---- Permissions ---- */

/* A missing file is no error. */
static const char *make_private(const char *path)
{
    struct stat status;
    const mode_t others = S_IRWXG | S_IRWXO;
    if (stat(path, &status) != 0 || (status.st_mode & others) == 0)
        return NULL;
    if (chmod(path, status.st_mode & ~others & 07777) != 0)
        return "other users may read the file, and its permissions cannot be changed";
    log_warn("store: removed other users' access to %s", path);
    return NULL;
}

/* What is added to the name of the store: its files. */
static const char *const ends[] = {"",        "-wal",        "-shm",        "-journal",
                                   "-search", "-search-wal", "-search-shm", "-search-journal"};

const char *file_make_private(const struct store *store)
{
    const char *why = NULL;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !why; i++) {
        char *path = sqlite3_mprintf("%s%s", store->path, ends[i]);
        why = make_private(path);
        sqlite3_free(path);
    }
    for (int version = 1; version < SCHEMA_VERSION && !why; version++) {
        char *path = sqlite3_mprintf("%s-schema-%d", store->path, version);
        why = make_private(path);
        sqlite3_free(path);
    }
    return why;
}

uint64_t store_bytes(const struct store *store)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && store->path; i++) {
        struct stat status;
        char *path = sqlite3_mprintf("%s%s", store->path, ends[i]);
        if (path && stat(path, &status) == 0)
            bytes += (uint64_t)status.st_size;
        sqlite3_free(path);
    }
    return bytes;
}

/* ---- Creation ---- */

const char *file_make(const char *path)
{
    unlink(path); /* of an earlier attempt */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return strerror(errno);
    close(fd);
    return NULL;
}

bool file_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

const char *file_settle(const struct store *store, const char *path)
{
    bool good = file_sync(path) && rename(path, store->path) == 0 && fsync(store->lock) == 0;
    return good ? NULL : strerror(errno);
}

/* ---- Watch ---- */

static struct file_id id_of(const struct store *store, const char *end)
{
    struct stat status;
    struct file_id id = {0, 0};
    char *path = sqlite3_mprintf("%s%s", store->path, end);
    if (stat(path, &status) == 0)
        id = (struct file_id){status.st_dev, status.st_ino};
    else if (errno != ENOENT && errno != ENOTDIR)
        id.inode = FILE_UNKNOWN;
    sqlite3_free(path);
    return id;
}

static bool is_same(struct file_id now, struct file_id then)
{
    bool unknown = now.inode == FILE_UNKNOWN || then.inode == FILE_UNKNOWN;
    return unknown || (now.device == then.device && now.inode == then.inode);
}

void file_note(struct store *store)
{
    store->wal->file = id_of(store, "");
    store->wal->log = id_of(store, "-wal");
}

/* Logs an error repeatedly, because the data can be saved only while the process runs. */
static void log_lost(struct store *store, int64_t now)
{
    if (store->lost_ms > 0 && now - store->lost_ms < LOUD_MS)
        return;
    store->lost_ms = now;
    log_error("store: %s or its -wal file was deleted, moved or replaced while in use; requests "
              "that must be stored are refused. The old files can be copied from /proc/%d/fd until "
              "this process ends",
              store->path, (int)getpid());
}

void file_watch(struct store *store)
{
    int64_t now = clock_mono_ms();
    if (now - store->watched_ms < WATCH_MS)
        return;
    store->watched_ms = now;
    bool lost = !is_same(id_of(store, ""), store->wal->file) ||
                !is_same(id_of(store, "-wal"), store->wal->log);
    bool was_lost = atomic_exchange(&store->wal->lost, lost);
    if (lost)
        log_lost(store, now);
    else if (was_lost)
        log_info("store: %s is back in its place", store->path);
    if (!lost)
        store->lost_ms = 0;
}
