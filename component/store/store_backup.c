/* A copy of the store while it is in use. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/store_care.h"
#include "file.h"
#include "wal.h"

#define STEP_PAGES  256 /* copied between two looks at the clock */
#define STEP_US     20000
#define CACHE_PAGES 64 /* of the copy, which nobody reads: written as it comes */

#define PART_END    ".part"
#define SANDBOX                                                                                    \
    " (as a service of systemd, covend may write below its data folder, /var/lib/coven, and below" \
    " /run/coven)"
#define TOO_LONG                                                                                   \
    "so much is stored meanwhile that the log of the store got too long (held_log_mib in the"      \
    " configuration)"

/* The source reads in one transaction, so it sees the store as it was at the beginning. */
struct store_backup {
    char *path, *part;
    struct wal *wal;
    unsigned log_mib;
    sqlite3 *source, *copy;
    sqlite3_backup *pages;
    int64_t done, of; /* pages */
    bool made;        /* the part exists */
};

static enum store_result fail(char **why_r, const char *path, int error, const char *more)
{
    if (asprintf(why_r, "%s: %s%s", path, strerror(error), more) < 0)
        mem_exhausted();
    return STORE_FAILED;
}

static enum store_result fail_sqlite(char **why_r, const char *path, int rc)
{
    if (asprintf(why_r, "%s: %s", path, sqlite3_errstr(rc)) < 0)
        mem_exhausted();
    return STORE_FAILED;
}

/* ---- The begin ---- */

/* Only the owner may read the part, and no file that is there is touched. */
static enum store_result make_part(struct store_backup *backup, char **why_r)
{
    struct stat status;
    if (lstat(backup->path, &status) == 0)
        return fail(why_r, backup->path, EEXIST, "");
    int fd = open(backup->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return fail(why_r, backup->part, errno,
                    errno == EEXIST                     ? " (of a backup that was interrupted?)"
                    : errno == EACCES || errno == EROFS ? SANDBOX
                                                        : "");
    close(fd);
    backup->made = true;
    return STORE_OK;
}

/* No journal: after a failure the part is deleted. */
static int open_copy(struct store_backup *backup)
{
    int rc = sqlite3_open_v2(backup->part, &backup->copy,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    char *sql = sqlite3_mprintf("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                                "PRAGMA cache_size = %d;",
                                CACHE_PAGES);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(backup->copy, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return rc;
}

static int open_source(struct store_backup *backup, const char *path)
{
    int rc =
        sqlite3_open_v2(path, &backup->source, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    return rc != SQLITE_OK
               ? rc
               : sqlite3_exec(backup->source, "BEGIN; SELECT count(*) FROM room", NULL, NULL, NULL);
}

static enum store_result begin(struct store_backup *backup, const char *path, char **why_r)
{
    if (make_part(backup, why_r) != STORE_OK)
        return STORE_FAILED;
    int rc = open_copy(backup);
    if (rc != SQLITE_OK)
        return fail_sqlite(why_r, backup->part, rc);
    rc = open_source(backup, path);
    if (rc != SQLITE_OK)
        return fail_sqlite(why_r, path, rc);
    backup->pages = sqlite3_backup_init(backup->copy, "main", backup->source, "main");
    return backup->pages ? STORE_OK
                         : fail_sqlite(why_r, backup->part, sqlite3_errcode(backup->copy));
}

enum store_result store_backup_begin(struct store *store, const char *path, unsigned log_mib,
                                     struct store_backup **backup_r, char **why_r)
{
    if (!store->path)
        return STORE_NOTHING;
    struct store_backup *backup = mem_new(sizeof *backup);
    backup->path = mem_string(path);
    if (asprintf(&backup->part, "%s" PART_END, path) < 0)
        mem_exhausted();
    backup->wal = store->wal;
    backup->log_mib = log_mib;
    wal_hold(backup->wal);
    if (begin(backup, store->path, why_r) == STORE_OK) {
        *backup_r = backup;
        return STORE_OK;
    }
    store_backup_end(backup);
    return STORE_FAILED;
}

/* ---- The steps ---- */

/* Small pieces: to wait for one big one, a commit of the store might have to wait, too. */
static bool sync_copy(struct store_backup *backup)
{
    sqlite3_file *file = NULL;
    sqlite3_file_control(backup->copy, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return file && file->pMethods && file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

static bool sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? mem_copy(path, (size_t)(slash - path + 1)) : mem_string(".");
    bool good = file_sync(folder);
    free(folder);
    return good;
}

/* Not all file systems can rename without replacing. */
static bool give_name(const struct store_backup *backup)
{
    struct stat status;
    if (renameat2(AT_FDCWD, backup->part, AT_FDCWD, backup->path, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL)
        return false;
    if (lstat(backup->path, &status) != 0)
        return rename(backup->part, backup->path) == 0;
    errno = EEXIST;
    return false;
}

static enum store_result complete(struct store_backup *backup, char **why_r)
{
    int rc = sqlite3_backup_finish(backup->pages);
    backup->pages = NULL;
    if (rc != SQLITE_OK)
        return fail_sqlite(why_r, backup->part, rc);
    if (!sync_copy(backup))
        return fail(why_r, backup->part, EIO, "");
    sqlite3_close(backup->copy);
    backup->copy = NULL;
    if (!give_name(backup))
        return fail(why_r, backup->path, errno, "");
    backup->made = false;
    return sync_folder(backup->path) ? STORE_NOTHING : fail(why_r, backup->path, errno, "");
}

enum store_result store_backup_step(struct store_backup *backup, char **why_r)
{
    int64_t end_us = clock_mono_us() + STEP_US;
    int rc = SQLITE_OK;
    if (wal_exceeds(backup->wal, backup->log_mib)) {
        *why_r = mem_string(TOO_LONG);
        return STORE_FAILED;
    }
    while (rc == SQLITE_OK && clock_mono_us() < end_us) {
        rc = sqlite3_backup_step(backup->pages, STEP_PAGES);
        if (rc == SQLITE_OK && !sync_copy(backup))
            rc = SQLITE_IOERR;
    }
    backup->of = sqlite3_backup_pagecount(backup->pages);
    backup->done = backup->of - sqlite3_backup_remaining(backup->pages);
    if (rc == SQLITE_DONE)
        return complete(backup, why_r);
    return rc == SQLITE_OK ? STORE_OK : fail_sqlite(why_r, backup->part, rc);
}

void store_backup_progress(const struct store_backup *backup, int64_t *done_r, int64_t *of_r)
{
    *done_r = backup->done * WAL_PAGE;
    *of_r = backup->of * WAL_PAGE;
}

void store_backup_end(struct store_backup *backup)
{
    sqlite3_backup_finish(backup->pages);
    sqlite3_close(backup->copy);
    sqlite3_close(backup->source);
    if (backup->made)
        unlink(backup->part);
    wal_release(backup->wal);
    free(backup->path);
    free(backup->part);
    free(backup);
}
