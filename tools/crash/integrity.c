#include "integrity.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096

static bool copy(const char *from, const char *to)
{
    struct stat status;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = out >= 0 && fstat(in, &status) == 0;
    for (off_t at = 0; ok && at < status.st_size;)
        ok = sendfile(out, in, &at, (size_t)(status.st_size - at)) > 0;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return ok;
}

static bool is_sound(const char *path, struct buf *why)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    const char *said = ok ? (const char *)sqlite3_column_text(statement, 0) : sqlite3_errmsg(db);
    ok = ok && strcmp(said, "ok") == 0;
    if (!ok)
        buf_printf(why, "integrity check failed: %s", said);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return ok;
}

bool integrity_check(const char *folder, struct buf *why)
{
    static const char *const parts[] = {"", "-wal", "-journal"};
    char from[PATH_SIZE], to[PATH_SIZE];
    bool ok = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(from, sizeof from, "%s/data/coven.db%s", folder, parts[i]);
        snprintf(to, sizeof to, "%s/copy.db%s", folder, parts[i]);
        if (access(from, F_OK) == 0 && !copy(from, to)) {
            buf_printf(why, "cannot copy %s", from);
            ok = false;
        }
    }
    snprintf(to, sizeof to, "%s/copy.db", folder);
    ok = ok && (access(to, F_OK) != 0 || is_sound(to, why));
    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++) {
        snprintf(to, sizeof to, "%s/copy.db%s", folder, parts[i]);
        unlink(to);
    }
    return ok;
}
