#include "coven/bucket.h"

/* A millisecond brings `rate` thousandths of a token. */
static void refill(struct bucket *bucket, unsigned rate, int64_t now_ms)
{
    int64_t passed = now_ms - bucket->at_ms;
    bucket->at_ms = now_ms;
    if (passed <= 0 || bucket->missing == 0)
        return;
    bool all = passed > bucket->missing / rate;
    bucket->missing = all ? 0 : bucket->missing - passed * rate;
}

bool bucket_has(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms)
{
    if (rate == 0)
        return true;
    refill(bucket, rate, now_ms);
    return bucket->missing + 1000 <= (int64_t)burst * 1000;
}

bool bucket_take(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms)
{
    if (!bucket_has(bucket, rate, burst, now_ms))
        return false;
    if (rate > 0)
        bucket_spend(bucket, 1);
    return true;
}

void bucket_spend(struct bucket *bucket, uint32_t tokens)
{
    bucket->missing += (int64_t)tokens * 1000;
}

int64_t bucket_missing(struct bucket *bucket, unsigned rate, int64_t now_ms)
{
    if (rate > 0)
        refill(bucket, rate, now_ms);
    return bucket->missing / 1000;
}
