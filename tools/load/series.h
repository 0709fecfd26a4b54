/* Samples of a run over time, for the progress line and the plot. */
#ifndef LOAD_SERIES_H
#define LOAD_SERIES_H

#include <stddef.h>
#include <stdint.h>

struct sample {
    double at_s; /* since the start of the run */
    double copies_s, sent_s;
    double p50_ms, p99_ms;
};

struct series {
    struct sample *samples;
    size_t count;
};

void series_add(struct series *series, const struct sample *sample);
void series_free(struct series *series);

#endif
