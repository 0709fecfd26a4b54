/* Pauses between attempts: short ones for a while, because a server that was restarted is back
 * soon; then doubled each time up to a limit. Each is shortened by chance so that many who were cut
 * off together do not come back together. Times are milliseconds, `now` by a clock that does not
 * jump. */
#ifndef COVEN_LINK_BACKOFF_H
#define COVEN_LINK_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_QUICK_MS 200 /* the pause for a while */

struct backoff {
    uint32_t min_ms, max_ms;
    uint32_t next_ms;
    int64_t quick_until;
};

void backoff_init(struct backoff *backoff, uint32_t min_ms, uint32_t max_ms);

/* Until then pauses are short, and after that they begin with the shortest of the doubled ones. */
void backoff_quick(struct backoff *backoff, int64_t until);

/* The pause before the next attempt: half of what it could be, to all of it. */
uint32_t backoff_next(struct backoff *backoff, int64_t now);

/* It is hopeless: the next pause is the longest. */
void backoff_longest(struct backoff *backoff);

#endif
