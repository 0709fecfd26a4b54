/* The resources of the service's process during an attack, and whether it or its link was lost. */
#ifndef ATTACK_MEASURE_H
#define ATTACK_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

struct measure {
    const struct options *options;
    uint64_t rss, rss_most; /* bytes: at the beginning, and the maximum since */
    double cpu_s;           /* at the beginning */
    uint64_t began_ns;
    unsigned connects; /* connects in the log, at the beginning */
};

struct measured {
    bool gone;         /* the process has ended */
    unsigned connects; /* since the beginning */
    double grown_mib, cpu_percent;
};

void measure_begin(struct measure *measure, const struct options *options);
/* Call it now and then, to see the maximum of memory. */
void measure_look(struct measure *measure);
struct measured measure_end(struct measure *measure);

#endif
