#include "folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_config(const char *folder, const char *config)
{
    char path[2 * FOLDER_SIZE];
    snprintf(path, sizeof path, "%s/covend.conf", folder);
    FILE *file = fopen(path, "we");
    bool ok = file && fputs(config, file) >= 0;
    return file && fclose(file) == 0 && ok;
}

bool folder_make(char folder[FOLDER_SIZE], const char *config, struct buf *why)
{
    const char *base = getenv("TMPDIR");
    char data[2 * FOLDER_SIZE];
    snprintf(folder, FOLDER_SIZE, "%s/coven-crash.XXXXXX", base && *base ? base : "/tmp");
    bool ok = mkdtemp(folder) != NULL;
    snprintf(data, sizeof data, "%s/data", folder);
    ok = ok && mkdir(data, 0700) == 0 && write_config(folder, config);
    if (!ok)
        buf_printf(why, "cannot make %s: %s", folder, strerror(errno));
    return ok;
}

bool folder_log_has(const char *folder, const char *text)
{
    char path[2 * FOLDER_SIZE], *line = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/covend.log", folder);
    FILE *file = fopen(path, "re");
    bool found = false;
    while (file && !found && getline(&line, &size, file) >= 0)
        found = strstr(line, text) != NULL;
    if (file)
        fclose(file);
    free(line);
    return found;
}

void folder_remove(const char *folder)
{
    static const char *const names[] = {"data/coven.db",
                                        "data/coven.db-wal",
                                        "data/coven.db-shm",
                                        "data/coven.db-journal",
                                        "data/coven.db-search",
                                        "data/coven.db-search-wal",
                                        "data/coven.db-search-shm",
                                        "data",
                                        "covend.log",
                                        "covend.conf",
                                        ""};
    char path[2 * FOLDER_SIZE];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (unlink(path) != 0)
            rmdir(path);
    }
}
