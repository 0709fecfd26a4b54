/* Pauses between attempts: doubled each time up to a limit, each shortened by chance so that many
 * who were cut off together do not come back together. */
#ifndef COVEN_LINK_BACKOFF_H
#define COVEN_LINK_BACKOFF_H

#include <stdint.h>

struct backoff {
    uint32_t min_ms, max_ms;
    uint32_t next_ms;
};

void backoff_init(struct backoff *backoff, uint32_t min_ms, uint32_t max_ms);

/* The pause before the next attempt: half of what it could be, to all of it. */
uint32_t backoff_next(struct backoff *backoff);

/* Things went well for a while, or are hopeless: the next pause is the shortest, or the longest. */
void backoff_shortest(struct backoff *backoff);
void backoff_longest(struct backoff *backoff);

#endif
