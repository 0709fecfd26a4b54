#include "coven/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coven/log.h"
#include "coven/mem.h"

void system_check(int status, const char *what)
{
    if (status >= 0)
        return;
    log_fatal("%s: %s", what, strerror(-status));
    exit(1);
}

/* Returns how many could be opened. */
static unsigned open_files(int *files, unsigned count)
{
    unsigned opened = 0;
    while (opened < count && (files[opened] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        opened++;
    return opened;
}

void system_check_files(unsigned count)
{
    int *files = mem_new(count * sizeof *files);
    unsigned opened = open_files(files, count);
    int error = errno;
    for (unsigned i = 0; i < opened; i++)
        close(files[i]);
    free(files);
    if (opened == count)
        return;
    log_fatal("cannot open %u files, but only %u: %s", count, opened, strerror(error));
    exit(1);
}
