/* What the service's process uses while it is attacked, and whether it lost its link or its life.
 */
#ifndef ATTACK_MEASURE_H
#define ATTACK_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

struct measure {
    const struct options *options;
    uint64_t rss, rss_most; /* bytes: at the beginning, and the most since */
    double cpu_s;           /* at the beginning */
    uint64_t began_ns;
    unsigned connects; /* that the log told of, at the beginning */
};

struct measured {
    bool gone;         /* the process */
    unsigned connects; /* that were new */
    double grown_mib, cpu_percent;
};

void measure_begin(struct measure *measure, const struct options *options);
/* To be called now and then, to see the most memory. */
void measure_look(struct measure *measure);
struct measured measure_end(struct measure *measure);

#endif
