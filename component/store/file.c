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

#define NOWHERE  "this is a link, and the file that it leads to is not there"
#define EMPTY    "this file is empty: it is damaged (to begin with a new store, delete it)"
#define LOG_ONLY "there is a log beside it (-wal), but the file itself is missing"

#define WATCH_MS 1000  /* between two looks at the files */
#define LOUD_MS  60000 /* between two lines about it */

/* SQLite's own locks are between connections, of which a daemon has two, so what is locked is the
 * folder: that of the file itself, if the path leads to a link. */
const char *file_lock(struct store *store)
{
    char *file = realpath(store->path, NULL); /* NULL: there is none yet */
    const char *path = file ? file : store->path, *slash = strrchr(path, '/');
    char *folder = slash ? mem_copy(path, (size_t)(slash - path + 1)) : mem_string(".");
    free(file);
    store->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (store->lock < 0)
        return strerror(errno);
    return flock(store->lock, LOCK_EX | LOCK_NB) == 0 ? NULL : FILE_IN_USE;
}

/* ---- Is it there? ---- */

static bool log_is_there(const struct store *store)
{
    struct stat status;
    char *log = sqlite3_mprintf("%s-wal", store->path);
    bool there = stat(log, &status) == 0 && status.st_size > 0;
    sqlite3_free(log);
    return there;
}

/* SQLite takes an empty file for a new one, and a log for that of whatever file it finds. A store
 * of coven's gets its name when it is whole, so neither comes of a start that was cut short. */
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

/* ---- Who may read it ---- */

/* A file that is not there is no trouble. */
static const char *make_private(const char *path)
{
    struct stat status;
    const mode_t others = S_IRWXG | S_IRWXO;
    if (stat(path, &status) != 0 || (status.st_mode & others) == 0)
        return NULL;
    if (chmod(path, status.st_mode & ~others & 07777) != 0)
        return "others may read the file, and that cannot be changed";
    log_warn("store: others could read %s; only its owner can now", path);
    return NULL;
}

const char *file_make_private(const struct store *store)
{
    static const char *const ends[] = {"",        "-wal",        "-shm",        "-journal",
                                       "-search", "-search-wal", "-search-shm", "-search-journal"};
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

/* ---- A new one ---- */

const char *file_make(const char *path)
{
    unlink(path); /* of an attempt before this one */
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

/* ---- Is it still there? ---- */

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

/* Loud, for what is in the files can still be saved while the process lives. */
static void say_lost(struct store *store, int64_t now)
{
    if (store->lost_ms > 0 && now - store->lost_ms < LOUD_MS)
        return;
    store->lost_ms = now;
    log_error("store: %s, or its log beside it, was deleted, moved or replaced while it is in use: "
              "nothing can be kept any more, so everything that would have to be is refused. What "
              "was kept is in /proc/%d/fd until this process ends",
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
        say_lost(store, now);
    else if (was_lost)
        log_info("store: %s is back in its place", store->path);
    if (!lost)
        store->lost_ms = 0;
}
