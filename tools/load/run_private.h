/* The parts of a run; for run*.c only. */
#ifndef LOAD_RUN_PRIVATE_H
#define LOAD_RUN_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "gauge.h"
#include "options.h"
#include "report.h"
#include "traffic.h"
#include "wire/histogram.h"
#include "wire/ledger.h"
#include "wire/net.h"

struct load_run {
    const struct options *options;
    struct report *report;
    struct buf *why;
    struct traffic traffic;
    struct ledger ledger;
    struct ledger flood; /* of the flooded room; its numbers begin at RUN_FLOOD */
    struct net net;
    struct gauge gauge;
    struct histogram latency;
    const char *phase;
    uint64_t alive_ns; /* when anything was received last */
    uint64_t selves;   /* own presences received: occupants */
    uint64_t results;  /* results of configurations */
    /* Messages from before the work have numbers from fill_first up to work_first. They come again
     * as history and in pages. */
    uint32_t fill_first, work_first;
    uint64_t replayed, replay_due;
    bool joining; /* latency is measured until the own presence comes */
    bool counting;
    bool broken;
};

/* The numbers tell the flood from the rest. */
#define RUN_FLOOD UINT32_C(0x80000000)

/* The callbacks for what is received. */
struct scan_events run_events(struct load_run *run);

/* Records why the run is over, unless that is known already. Returns false. */
bool run_fail(struct load_run *run, const char *why);

/* Sends, receives, takes samples. False: the run is over. */
bool run_turn(struct load_run *run, int timeout_ms);
/* A turn, and the run is over when nothing was received for so long. */
bool run_wait(struct load_run *run, uint32_t timeout_ms);
bool run_wait_until(struct load_run *run, bool (*holds)(const struct load_run *run),
                    uint32_t timeout_ms);

/* Is nothing due any more? */
bool run_is_back(const struct load_run *run);

/* All join. Creating and configuring the rooms comes before that and is not measured. */
bool run_create(struct load_run *run);
bool run_join(struct load_run *run);

/* Sends the messages that each room has before the work. */
bool run_fill(struct load_run *run);
/* Does the work for so long. */
bool run_work(struct load_run *run, uint32_t ms);

#endif
