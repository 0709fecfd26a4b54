#include "run.h"

#include <stdlib.h>

#include "connect.h"
#include "coven/mem.h"
#include "mirror.h"
#include "run_private.h"

#define LEDGER_MIN   65536u
#define DRAIN_MS     3000u
#define WAIT_TURN_MS 20

/* ---- Turns ---- */

bool run_fail(struct load_run *run, const char *why)
{
    if (run->why->len == 0)
        buf_printf(run->why, "%s (while %s)", why, run->phase);
    return false;
}

bool run_turn(struct load_run *run, int timeout_ms)
{
    net_poll(&run->net, timeout_ms);
    gauge_tick(&run->gauge, run->phase, net_clock_ns(), run->ledger.sent,
               run->ledger.copies + run->replayed);
    if (run->net.ended || run->broken)
        return run_fail(run, "the peer closed the connection");
    if (run->joining && run->net.counts.errors)
        return run_fail(run, "an error was received");
    return true;
}

bool run_wait(struct load_run *run, uint32_t timeout_ms)
{
    if (!run_turn(run, WAIT_TURN_MS))
        return false;
    if (net_clock_ns() > run->alive_ns + timeout_ms * UINT64_C(1000000))
        return run_fail(run, "nothing was received any more");
    return true;
}

bool run_wait_until(struct load_run *run, bool (*holds)(const struct load_run *run),
                    uint32_t timeout_ms)
{
    run->alive_ns = net_clock_ns();
    while (!holds(run))
        if (!run_wait(run, timeout_ms))
            return false;
    return true;
}

bool run_is_back(const struct load_run *run)
{
    return run->ledger.open == 0 && run->flood.open == 0 && run->replay_due == 0;
}

/* ---- Measuring ---- */

struct mark {
    uint64_t ns, sent, copies, replayed, flood, received;
};

static struct mark mark_now(const struct load_run *run)
{
    return (struct mark){net_clock_ns(), run->ledger.sent,  run->ledger.copies,
                         run->replayed,  run->flood.copies, run->net.received};
}

static struct mark measure_begin(struct load_run *run)
{
    gauge_measure(&run->gauge);
    run->counting = true;
    return mark_now(run);
}

static void measure_end(struct load_run *run, struct mark from)
{
    struct mark to = mark_now(run);
    struct report *report = run->report;
    run->counting = false;
    report->seconds = (double)(to.ns - from.ns) / 1e9;
    report->sent = (double)(to.sent - from.sent);
    report->copies = (double)(to.copies - from.copies);
    report->replayed = (double)(to.replayed - from.replayed);
    report->received = (double)(to.received - from.received);
    report->sent_s = report->sent / report->seconds;
    report->copies_s = report->copies / report->seconds;
    report->replayed_s = report->replayed / report->seconds;
    report->received_s = report->received / report->seconds;
    report->flood_s = (double)(to.flood - from.flood) / report->seconds;
    gauge_measured(&run->gauge, report->seconds);
}

static bool measure_join(struct load_run *run)
{
    run->joining = true;
    if (!run_create(run))
        return false;
    struct mark from = measure_begin(run);
    bool ok = run_join(run);
    measure_end(run, from);
    run->report->join_seconds = run->report->seconds;
    gauge_joined(&run->gauge);
    run->joining = false;
    return ok;
}

static bool measure_work(struct load_run *run)
{
    if (!run_fill(run))
        return false;
    run->phase = "warm up";
    ledger_reset(&run->ledger);
    gauge_restart(&run->gauge, net_clock_ns());
    histogram_clear(&run->latency);
    if (!run_work(run, run->options->warmup_ms))
        return false;
    run->phase = run->options->work_name;
    struct mark from = measure_begin(run);
    bool ok = run_work(run, run->options->ms);
    measure_end(run, from);
    run->phase = "drain";
    if (ok && !run_wait_until(run, run_is_back, DRAIN_MS))
        buf_clear(run->why); /* what has not come is reported as lost */
    return ok;
}

static uint64_t ledger_lost(const struct ledger *ledger)
{
    return ledger->lost + ledger_due(ledger);
}

static void conclude(struct load_run *run)
{
    struct report *report = run->report;
    const struct histogram *latency = &run->latency;
    report->p50_ms = (double)histogram_at(latency, 0.50) / 1e6;
    report->p99_ms = (double)histogram_at(latency, 0.99) / 1e6;
    report->max_ms = (double)latency->max / 1e6;
    report->mean_ms = histogram_mean(latency) / 1e6;
    report->errors = (double)run->net.counts.errors;
    report->stray = (double)(run->ledger.stray + run->flood.stray);
    report->lost = (double)(ledger_lost(&run->ledger) + ledger_lost(&run->flood) + run->replay_due);
}

/* ---- The whole ---- */

static uint32_t ledger_size(const struct options *options)
{
    uint64_t wanted = 2 * (uint64_t)options->rooms * options->occupants + 2 * options->flood;
    uint64_t size = LEDGER_MIN;
    while (size < wanted || size < 4 * (uint64_t)options->in_flight)
        size *= 2;
    return (uint32_t)size;
}

static bool go(struct load_run *run, struct series *series, int *mirror_r)
{
    const struct options *options = run->options;
    run->phase = "connect";
    if (!connect_all(&run->net, options, mirror_r, run->why))
        return false;
    gauge_init(&run->gauge, options, *mirror_r, run->report, series);
    bool ok = measure_join(run) && (options->work == WORK_JOIN || measure_work(run));
    gauge_end(&run->gauge);
    conclude(run);
    return ok;
}

bool run_all(const struct options *options, struct report *report, struct series *series,
             struct buf *why)
{
    struct load_run *run = mem_new(sizeof *run);
    int mirror = 0;
    *report = (struct report){.work = options->work_name,
                              .rooms = options->rooms,
                              .occupants = options->occupants,
                              .bytes = options->bytes};
    run->options = options;
    run->report = report;
    run->why = why;
    struct scan_events events = run_events(run);
    traffic_init(&run->traffic, options);
    ledger_init(&run->ledger, ledger_size(options));
    ledger_init(&run->flood, ledger_size(options));
    run->flood.next = RUN_FLOOD;
    net_init(&run->net, &events);
    bool ok = go(run, series, &mirror);
    net_free(&run->net);
    if (mirror > 0)
        mirror_end(mirror);
    ledger_free(&run->ledger);
    ledger_free(&run->flood);
    traffic_free(&run->traffic);
    free(run);
    return ok;
}
