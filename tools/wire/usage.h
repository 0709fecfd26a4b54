/* What a process uses, as /proc tells. */
#ifndef WIRE_USAGE_H
#define WIRE_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#define USAGE_NAME 32

struct usage {
    char name[USAGE_NAME];
    double cpu_s; /* of all its threads, since it began */
    uint64_t rss; /* bytes */
};

/* False when there is no such process. */
bool usage_read(struct usage *usage, int pid);
/* The same, of the text of /proc/PID/stat. */
bool usage_parse(struct usage *usage, const char *stat, long ticks, long page);

#endif
