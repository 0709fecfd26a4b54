#include "coven/bug.h"

#include <stdio.h>
#include <stdlib.h>

void bug_found(const char *what, const char *file, int line)
{
    fprintf(stderr, "coven: bug: assertion failed: %s (%s:%d)\n", what, file, line);
    abort();
}
