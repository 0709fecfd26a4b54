/* What a run is made of; of run*.c only. */
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

struct run {
    const struct options *options;
    struct report *report;
    struct buf *why;
    struct traffic traffic;
    struct ledger ledger;
    struct ledger
        flood; /* of the room that is flooded beside; its numbers are RUN_FLOOD and more */
    struct net net;
    struct gauge gauge;
    struct histogram latency;
    const char *phase;
    uint64_t alive_ns; /* the last sign of life */
    uint64_t selves;   /* own presences that came: who is in */
    uint64_t results;  /* of configurations */
    /* The messages before the work have the numbers from fill_first on, up to work_first. They come
     * again with histories and pages. */
    uint32_t fill_first, work_first;
    uint64_t replayed, replay_due;
    bool joining; /* latency is that of joins: until one's own presence comes */
    bool counting;
    bool broken;
};

/* Told apart from the others by their numbers. */
#define RUN_FLOOD UINT32_C(0x80000000)

/* What comes. */
struct scan_events run_events(struct run *run);

/* Says why it is over, unless that is said already; always false. */
bool run_fail(struct run *run, const char *why);

/* Sends, receives, takes samples; false when it is over. */
bool run_turn(struct run *run, int timeout_ms);
/* A turn after which it is over, too, when there was no sign of life for so long. */
bool run_wait(struct run *run, uint32_t timeout_ms);
bool run_wait_until(struct run *run, bool (*holds)(const struct run *run), uint32_t timeout_ms);

/* Nothing is due any more. */
bool run_is_back(const struct run *run);

/* Everybody joins; before that the rooms are created and configured, which is no part of a storm.
 */
bool run_create(struct run *run);
bool run_join(struct run *run);

/* Each room is sent the messages that it is to have before the work. */
bool run_fill(struct run *run);
/* The work, for so long. */
bool run_work(struct run *run, uint32_t ms);

#endif
