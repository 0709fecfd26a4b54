/* The figures of a run, and the ways to tell them: one table of fields behind all of them. */
#ifndef LOAD_REPORT_H
#define LOAD_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "options.h"
#include "wire/usage.h"

/* What one process used. */
struct report_process {
    int pid;
    char name[USAGE_NAME];
    double cpu_percent;                      /* of one core, while it was measured */
    uint64_t rss_start, rss_joined, rss_end; /* bytes: before anything, with everybody in */
};

struct report {
    const char *work;
    double rooms, occupants, bytes, seconds; /* seconds that were measured */
    double join_seconds;                     /* until everybody was in */
    double sent, copies, received;           /* stanzas; copies of them; bytes */
    double sent_s, copies_s, received_s;
    double replayed, replayed_s; /* messages of histories and pages */
    double flood_s;              /* copies in the room that is flooded beside */
    double p50_ms, p99_ms, max_ms, mean_ms;
    double errors, stray, lost;
    struct report_process processes[OPTIONS_WATCH_MAX + 2];
    int process_count;
};

void report_table(const struct report *report, struct buf *out);
void report_csv(const struct report *report, struct buf *out);
void report_json(const struct report *report, struct buf *out);

#endif
