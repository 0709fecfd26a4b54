/* A token bucket: so many a second in the long run, so many at once. */
#ifndef COVEN_BUCKET_H
#define COVEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: full, and never used. Tokens are counted in thousandths. */
struct bucket {
    int64_t missing; /* thousandths of a token below full */
    int64_t at_ms;   /* of a clock that never goes back: when that was so */
};

/*
 * Takes one token, if there is one. `rate`: tokens that come back in a second; 0: there is always
 * one. `burst`: how many a full bucket holds, at least 1.
 */
bool bucket_take(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms);

/* Is there one that could be taken? */
bool bucket_has(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms);

/* Takes so many, more than there are if need be: they have to come back first. */
void bucket_spend(struct bucket *bucket, unsigned rate, uint32_t tokens, int64_t now_ms);

/* How many are missing until it is full. Only a look: what came back is noted by the others. */
int64_t bucket_missing(const struct bucket *bucket, unsigned rate, int64_t now_ms);

#endif
