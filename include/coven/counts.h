/* What the service counts since it started, for statistics and metrics. Counting is an increment:
 * nothing here asks for the time. */
#ifndef COVEN_COUNTS_H
#define COVEN_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#define COUNTS_KINDS   3  /* of stanzas: message, presence, iq */
#define COUNTS_BUCKETS 12 /* of times, and one more for all that are longer */
#define COUNTS_REASONS 24 /* conditions of refusals; further ones share the last place */
#define COUNTS_LIMITS  64 /* keys of limits; likewise */

struct counts_times {
    uint64_t buckets[COUNTS_BUCKETS + 1];
    uint64_t count;
    int64_t sum_us;
};

/* The upper bounds of the buckets, in microseconds. */
extern const int64_t counts_bounds_us[COUNTS_BUCKETS];

void counts_add_time(struct counts_times *times, int64_t us);

/* How often something with that name happened. Names are string constants, in the order in which
 * they came first; the first NULL ends the list. */
struct counts_named {
    const char *name;
    uint64_t count;
};

void counts_add_named(struct counts_named *list, unsigned size, const char *name);

struct counts {
    uint64_t received[COUNTS_KINDS]; /* stanzas */
    uint64_t turns, turns_dropped;
    bool last_dropped; /* the last turn was: its commit failed */
    uint64_t commands;
    struct counts_times turn, commit;
    struct counts_named refusals[COUNTS_REASONS]; /* by condition */
    struct counts_named limits[COUNTS_LIMITS];    /* by key of the limit */
};

/* What there is at one moment. */
struct counts_gauges {
    int64_t rooms, public_rooms, rooms_in_memory, tombstones;
    int64_t sessions;
    int64_t users, occupants; /* of rooms in memory */
    int64_t denied;
    int64_t commands; /* under way */
    int64_t uptime_ms;
};

struct service;

struct counts *counts_of(struct service *service);
struct counts_gauges counts_gauges(const struct service *service);

#endif
