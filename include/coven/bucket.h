/* A token bucket: limits the rate in the long run, and the size of a burst. */
#ifndef COVEN_BUCKET_H
#define COVEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed memory is a full bucket. */
struct bucket {
    int64_t missing; /* thousandths of a token below full */
    int64_t at_ms;   /* when `missing` was computed; monotonic */
};

/* Takes one token. False: the bucket has none. `rate`: tokens that come back per second; 0: there
 * is always one. `burst`: tokens in a full bucket, at least 1. */
bool bucket_take(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms);

/* Is there a token to take? */
bool bucket_has(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms);

/* Returns the milliseconds until there is a token to take; 0: there is one. `rate` is not 0. */
int64_t bucket_wait(const struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms);

/* Takes this many tokens, even if the bucket has fewer: it then stays empty for longer. */
void bucket_spend(struct bucket *bucket, unsigned rate, uint32_t tokens, int64_t now_ms);

/* The number of tokens that are missing from a full bucket. */
int64_t bucket_missing(const struct bucket *bucket, unsigned rate, int64_t now_ms);

#endif
