/*
 * How much memory the process takes, and whether that is too much: then new work is to be refused,
 * long before the system ends the process.
 */
#ifndef COVEN_MEMORY_H
#define COVEN_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

struct memory {
    int fd;             /* of what the system says about the process; -1: it says nothing */
    uint64_t most;      /* bytes of memory, */
    uint64_t most_size; /* and of addresses */
    bool tight;
    int64_t looked_ms, told_ms, trimmed_ms;
};

/* `most`: bytes; 0: three quarters of what machine, control group and limits allow. */
void memory_open(struct memory *memory, uint64_t most);
void memory_configure(struct memory *memory, uint64_t most);
void memory_close(struct memory *memory);

/* Is it too much? Looks now and then; a line in the log says when it begins. */
bool memory_is_tight(struct memory *memory);

#endif
