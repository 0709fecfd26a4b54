#include "wire/histogram.h"

#include <string.h>

unsigned histogram_bucket(uint64_t value)
{
    const uint64_t parts = 1u << HISTOGRAM_BITS;
    if (value < parts)
        return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - HISTOGRAM_BITS;
    return (unsigned)((shift << HISTOGRAM_BITS) + (value >> shift));
}

uint64_t histogram_bucket_top(unsigned bucket)
{
    const unsigned parts = 1u << HISTOGRAM_BITS;
    if (bucket < 2 * parts)
        return bucket;
    unsigned shift = bucket / parts - 1;
    return (((uint64_t)(bucket % parts + parts) + 1) << shift) - 1;
}

void histogram_clear(struct histogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->buckets[histogram_bucket(value)]++;
    histogram->count++;
    histogram->sum += (double)value;
    if (value > histogram->max)
        histogram->max = value;
}

uint64_t histogram_at(const struct histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)histogram->count + 0.5), seen = 0;
    if (wanted < 1)
        wanted = 1;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS && histogram->count; i++) {
        seen += histogram->buckets[i];
        uint64_t top = histogram_bucket_top(i);
        if (seen >= wanted)
            return top < histogram->max ? top : histogram->max;
    }
    return histogram->max;
}

double histogram_mean(const struct histogram *histogram)
{
    return histogram->count ? histogram->sum / (double)histogram->count : 0;
}
