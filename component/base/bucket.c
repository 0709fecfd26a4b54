#include "coven/bucket.h"

/* The missing thousandths of a token, of which `rate` come back per millisecond. */
static int64_t missing_at(const struct bucket *bucket, unsigned rate, int64_t now_ms)
{
    int64_t passed = now_ms - bucket->at_ms;
    if (rate == 0 || passed <= 0 || bucket->missing == 0)
        return bucket->missing;
    bool all = passed > bucket->missing / rate;
    return all ? 0 : bucket->missing - passed * rate;
}

static void refill(struct bucket *bucket, unsigned rate, int64_t now_ms)
{
    bucket->missing = missing_at(bucket, rate, now_ms);
    bucket->at_ms = now_ms;
}

bool bucket_has(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms)
{
    if (rate == 0)
        return true;
    refill(bucket, rate, now_ms);
    return bucket->missing + 1000 <= (int64_t)burst * 1000;
}

int64_t bucket_wait(const struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms)
{
    int64_t lacking = missing_at(bucket, rate, now_ms) + 1000 - (int64_t)burst * 1000;
    return lacking > 0 ? (lacking + rate - 1) / rate : 0;
}

bool bucket_take(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms)
{
    if (!bucket_has(bucket, rate, burst, now_ms))
        return false;
    if (rate > 0)
        bucket_spend(bucket, rate, 1, now_ms);
    return true;
}

void bucket_spend(struct bucket *bucket, unsigned rate, uint32_t tokens, int64_t now_ms)
{
    refill(bucket, rate, now_ms);
    bucket->missing += (int64_t)tokens * 1000;
}

int64_t bucket_missing(const struct bucket *bucket, unsigned rate, int64_t now_ms)
{
    return missing_at(bucket, rate, now_ms) / 1000;
}
