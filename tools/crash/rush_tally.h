/* The figures of a rush. */
#ifndef CRASH_RUSH_TALLY_H
#define CRASH_RUSH_TALLY_H

#include "wire/histogram.h"

/* The presence that people receive from rooms. */
enum rush_presence { RUSH_OWN, RUSH_OTHER, RUSH_LEAVE, RUSH_REFUSAL, RUSH_PRESENCES };

struct rush_tally {
    int64_t away_ms;          /* from the command to the first successful connection */
    int64_t in_ms, inside_ms; /* from that connection until all were logged in, and inside */
    struct histogram waits;   /* from each join to its answer, in ms */
    uint64_t gave_up;         /* joins without an answer in time */
    uint64_t heard[RUSH_PRESENCES];
    uint64_t sent_out; /* people removed after they had come back */
};

void rush_tally_print(const struct rush_tally *tally);

#endif
