/*
 * The clock, and the keys that are made of it. The clock of the machine may be wrong, and be set
 * while the rooms are open; what is said keeps its order, and bears the time that the clock shows.
 */
#ifndef MUC_ERA_H
#define MUC_ERA_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/eras.h"

struct service;

struct era_state {
    struct eras eras, kept; /* by now, and when the last turn was committed */
    bool begun;             /* another one, in this turn */
    bool started;           /* the clock was looked at */
    bool forward;           /* it jumped, and no key was made since */
    int64_t lead_ms;        /* of the clock over the one that never goes back */
    int64_t trusted_ms;     /* the same, as it was when it had stayed like that for a while */
    int64_t changed_ms;     /* when it last did not, by the clock that never goes back */
};

/* What the store knows of it. */
void era_init(struct service *service);

/* It is another turn: see service_time(). A jump of the clock is worth a line in the log. */
void era_time(struct service *service, int64_t wall_ms, int64_t mono_ms);

/* The key of the next message. */
int64_t era_next_key(struct service *service);

/* The turn is over: it was committed, or dropped with the era that it began. */
void era_settle(struct service *service, bool kept);

/* The time by which something may be deleted for its age: not that of a clock that only just began
 * to show it. */
int64_t era_trusted_time(const struct service *service);

#endif
