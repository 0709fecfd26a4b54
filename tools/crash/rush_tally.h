/* What a rush was like for those who were in it. */
#ifndef CRASH_RUSH_TALLY_H
#define CRASH_RUSH_TALLY_H

#include "wire/histogram.h"

/* What people hear from rooms. */
enum kind { OWN, OTHER, LEAVE, REFUSAL, KINDS };

struct rush_tally {
    int64_t away_ms;          /* the server, from the command to the first connection */
    int64_t in_ms, inside_ms; /* from then on, until all were logged in, and in their rooms */
    struct histogram waits;   /* from each join to its answer, in ms */
    uint64_t gave_up;         /* of these */
    uint64_t heard[KINDS];
    uint64_t sent_out; /* although they had come back */
};

void rush_tally_print(const struct rush_tally *tally);

#endif
