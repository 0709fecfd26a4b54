/* Watches how much memory the process uses. When it is too much, new work is refused, long before
 * the system would kill the process. */
#ifndef COVEN_MEMORY_H
#define COVEN_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

struct memory {
    int fd;                 /* of /proc/self/statm; -1: not available */
    uint64_t limit;         /* limit of private resident memory, in bytes */
    uint64_t address_limit; /* limit of address space, in bytes */
    bool tight;             /* the result of the last measurement */

    /* Monotonic; 0: never. */
    int64_t looked_ms, logged_ms, trimmed_ms;
};

/* `limit`: the limit in bytes; 0: three quarters of what the machine and the control group have.
 * The address space is always limited to three quarters of RLIMIT_AS. */
void memory_open(struct memory *memory, uint64_t limit);

/* Replaces the limits. */
void memory_configure(struct memory *memory, uint64_t limit);

void memory_close(struct memory *memory);

/* Is too much memory in use? Measures at most every 50 ms, logs an error at most every minute. */
bool memory_is_tight(struct memory *memory);

/* Bytes of private resident memory; 0: not known. */
uint64_t memory_used(const struct memory *memory);

#endif
