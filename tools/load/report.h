/* The figures of a run, and their output by one table of fields. */
#ifndef LOAD_REPORT_H
#define LOAD_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "options.h"
#include "wire/usage.h"

/* The resources of one process. */
struct report_process {
    int pid;
    char name[USAGE_NAME];
    double cpu_percent;                      /* of one core, while measuring */
    uint64_t rss_start, rss_joined, rss_end; /* bytes: at the start, after the joins, at the end */
};

struct report {
    const char *work;
    double rooms, occupants, bytes, seconds; /* `seconds`: measured */
    double join_seconds;                     /* until everybody was in */
    double sent, copies, received;           /* stanzas; copies of them; bytes */
    double sent_s, copies_s, received_s;
    double replayed, replayed_s; /* messages of histories and pages */
    double flood_s;              /* copies in the flooded room */
    double p50_ms, p99_ms, max_ms, mean_ms;
    double errors, stray, lost;
    struct report_process processes[OPTIONS_WATCH_MAX + 2];
    int process_count;
};

void report_table(const struct report *report, struct buf *out);
void report_csv(const struct report *report, struct buf *out);
void report_json(const struct report *report, struct buf *out);

#endif
