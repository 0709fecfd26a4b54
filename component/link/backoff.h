/* Pauses between attempts to connect: short at first, because a restarted server is back soon; then
 * doubled each time up to a limit. Each pause is shortened at random, so that clients which were
 * cut off together do not return together. Times are monotonic milliseconds. */
#ifndef COVEN_LINK_BACKOFF_H
#define COVEN_LINK_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_QUICK_MS 200 /* the pause before the doubled ones */

struct backoff {
    uint32_t min_ms, max_ms; /* of the doubled pauses */
    uint32_t next_ms;
    int64_t quick_until; /* when the short pauses end */
};

/* Sets the doubled pauses; there are no short ones until backoff_quick(). */
void backoff_init(struct backoff *backoff, uint32_t min_ms, uint32_t max_ms);

/* Makes pauses short until that time; after it the doubled ones begin again with the shortest. */
void backoff_quick(struct backoff *backoff, int64_t until);

/* The pause before the next attempt, in milliseconds. */
uint32_t backoff_next(struct backoff *backoff, int64_t now);

/* Makes the next pauses the longest. */
void backoff_longest(struct backoff *backoff);

#endif
