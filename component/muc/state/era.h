/* The clock, and the message keys made from it. The machine's clock may be wrong, and may be set
 * while covend runs: messages keep their order, and bear the time that the clock shows (eras.h). */
#ifndef MUC_ERA_H
#define MUC_ERA_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/eras.h"

struct service;

struct era_state {
    struct eras eras, kept; /* in this turn, and after the last committed one */
    bool begun;             /* an era began in this turn */
    bool started;           /* the clock was read at least once */
    bool forward;           /* the clock jumped forward, and no key was made since */
    int64_t lead_ms;        /* wall clock minus monotonic clock */
    int64_t trusted_ms;     /* `lead_ms` when it was last stable for TRUST_MS */
    int64_t changed_ms;     /* when the wall clock last jumped, on the monotonic clock */
};

/* Reads the eras and the last key from the store. */
void era_init(struct service *service);

/* Begins a turn: see service_time(). Logs a jump of the clock. */
void era_time(struct service *service, int64_t wall_ms, int64_t mono_ms);

/* Returns the key of the next message, greater than all before. May begin and store an era. */
int64_t era_next_key(struct service *service);

/* A message of before has come in with this key, which is below era_end(). */
void era_note(struct service *service, int64_t key);

/* Greater than every key that was returned, also before a restart, unless the clock went back
 * since. */
int64_t era_end(const struct service *service);

/* Ends the turn. An era that a dropped turn began is forgotten. */
void era_settle(struct service *service, bool kept);

/* Returns the time by which old messages may be deleted: a clock that has just jumped forward is
 * not trusted yet. */
int64_t era_trusted_time(const struct service *service);

#endif
