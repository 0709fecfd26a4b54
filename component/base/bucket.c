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

bool bucket_take(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms)
{
    if (rate == 0)
        return true;
    refill(bucket, rate, now_ms);
    if (bucket->missing + 1000 > (int64_t)burst * 1000)
        return false;
    bucket->missing += 1000;
    return true;
}

bool bucket_is_full(struct bucket *bucket, unsigned rate, int64_t now_ms)
{
    if (rate == 0)
        return true;
    refill(bucket, rate, now_ms);
    return bucket->missing == 0;
}
