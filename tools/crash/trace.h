/* The last events of each room, to be printed when something is wrong there. */
#ifndef CRASH_TRACE_H
#define CRASH_TRACE_H

#include <stdint.h>
#include <stdio.h>

#include "coven/buf.h"

struct trace {
    char (*lines)[160]; /* a ring */
    size_t next;
};

struct traces {
    struct trace *list; /* one for each room */
    uint32_t rooms;
    int64_t began_ms;
};

#define TRACE_EVERYWHERE UINT32_MAX

void traces_init(struct traces *traces, uint32_t rooms);
void traces_free(struct traces *traces);

/* Adds a line to the trace of one room, or of all (TRACE_EVERYWHERE). */
void trace_add(struct traces *traces, uint32_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints the last lines of a room that name `one` or `other`; NULL, NULL: all of them. */
void trace_print(const struct traces *traces, uint32_t room, const char *one, const char *other,
                 FILE *file);

#endif
