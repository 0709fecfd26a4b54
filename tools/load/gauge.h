/* Samples, progress and the resources of watched processes, taken during a run. */
#ifndef LOAD_GAUGE_H
#define LOAD_GAUGE_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"
#include "report.h"
#include "series.h"
#include "wire/histogram.h"
#include "wire/usage.h"

struct gauge {
    const struct options *options;
    struct report *report;
    struct series *series;
    struct histogram slice; /* latency since the last sample */
    uint64_t began_ns, sampled_ns, shown_ns;
    uint64_t copies, sent; /* at the last sample */
    double cpu_s[OPTIONS_WATCH_MAX + 2];
    bool line_open; /* a progress line on a terminal is not ended */
};

/* Watches the processes of the options, `other` (0: none), and this one. */
void gauge_init(struct gauge *gauge, const struct options *options, int other,
                struct report *report, struct series *series);

/* Takes a sample and shows progress when it is time. The counts must grow; see gauge_restart(). */
void gauge_tick(struct gauge *gauge, const char *phase, uint64_t now_ns, uint64_t sent,
                uint64_t copies);
/* The counts start at zero again. */
void gauge_restart(struct gauge *gauge, uint64_t now_ns);
void gauge_end(struct gauge *gauge);

/* Record memory after the joins; then processor time between two points, and memory at the second.
 */
void gauge_joined(struct gauge *gauge);
void gauge_measure(struct gauge *gauge);
void gauge_measured(struct gauge *gauge, double seconds);

#endif
