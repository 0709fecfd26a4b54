/*
 * A log-linear histogram: each power of two is divided into equal parts, so values are exact to
 * one part in 64, from nanoseconds to centuries, in 30 KiB and without division.
 */
#ifndef WIRE_HISTOGRAM_H
#define WIRE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BITS    6
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS)

/* All zero is empty. */
struct histogram {
    uint64_t count, max;
    double sum;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

/* The bucket of a value, and the largest value in a bucket. */
unsigned histogram_bucket(uint64_t value);
uint64_t histogram_bucket_top(unsigned bucket);

void histogram_clear(struct histogram *histogram);
void histogram_add(struct histogram *histogram, uint64_t value);

/* The value below which the given share (0 to 1) of all values lies. 0: the histogram is empty. */
uint64_t histogram_at(const struct histogram *histogram, double share);
double histogram_mean(const struct histogram *histogram);

#endif
