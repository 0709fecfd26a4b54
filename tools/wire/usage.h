/* The resources that a process uses, from /proc. */
#ifndef WIRE_USAGE_H
#define WIRE_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#define USAGE_NAME 32

struct usage {
    char name[USAGE_NAME];
    double cpu_s; /* of all its threads, since its start */
    uint64_t rss; /* bytes */
};

/* False: there is no such process. */
bool usage_read(struct usage *usage, int pid);
/* Parses the text of /proc/PID/stat. */
bool usage_parse(struct usage *usage, const char *stat, long ticks, long page);

#endif
