/* The metrics of covend as OpenMetrics text (1.0), or in the older format of Prometheus (0.0.4), in
 * which some heads differ. No label has a value that strangers choose. */
#ifndef ADMIN_METRICS_H
#define ADMIN_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/service.h"

/* What the service does not know itself. */
struct metrics_host {
    bool is_up;      /* the link is */
    bool multiplies; /* the server makes copies */
    uint64_t connects;
    const uint64_t *sent; /* by kind, as in struct counts */
    uint64_t store_bytes, queue_bytes, memory_bytes, memory_limit_bytes;
};

void metrics_write(struct buf *out, bool is_open, struct service *service,
                   const struct metrics_host *host);

#endif
