#include "run.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "connect.h"
#include "coven/mem.h"
#include "crowd.h"
#include "gauge.h"
#include "histogram.h"
#include "ledger.h"
#include "net.h"

#define LEDGER_MIN   65536u
#define TURN_BYTES   (256u * 1024) /* written before what came is looked at */
#define DRAIN_MS     3000u
#define WAIT_TURN_MS 20

struct run {
    const struct options *options;
    struct report *report;
    struct buf *why;
    struct crowd crowd;
    struct ledger ledger;
    struct net net;
    struct gauge gauge;
    struct histogram latency;
    const char *phase;
    uint64_t alive_ns; /* the last sign of life */
    uint64_t selves;   /* own presences that came: who is in */
    uint64_t results;  /* of configurations */
    bool joining;      /* latency is that of joins: until one's own presence comes */
    bool counting;
    bool broken;
};

/* ---- What comes ---- */

static void on_copy(void *user, uint32_t number, bool self)
{
    struct run *run = user;
    uint64_t sent_ns, now = run->net.now_ns;
    run->alive_ns = now;
    run->selves += self;
    if (!ledger_receive(&run->ledger, number, &sent_ns) || (run->joining && !self))
        return;
    uint64_t latency = now > sent_ns ? now - sent_ns : 0;
    histogram_add(&run->gauge.slice, latency);
    if (run->counting)
        histogram_add(&run->latency, latency);
}

static void on_refused(void *user, uint32_t number)
{
    struct run *run = user;
    run->alive_ns = run->net.now_ns;
    ledger_refuse(&run->ledger, number);
}

static void answer(struct run *run, struct span tag)
{
    struct span from = scan_attr(tag, "from"), to = scan_attr(tag, "to"), id = scan_attr(tag, "id");
    struct buf *out = net_answer(&run->net);
    buf_add_text(out, "<iq type='result'");
    if (run->options->role != ROLE_CLIENTS)
        buf_printf(out, " from='%.*s'", (int)to.len, to.at ? to.at : "");
    if (from.at)
        buf_printf(out, " to='%.*s'", (int)from.len, from.at);
    buf_printf(out, " id='%.*s'/>", (int)id.len, id.at ? id.at : "");
}

/* Who asks whether somebody is still there gets a yes. */
static void on_iq(void *user, struct span tag)
{
    struct run *run = user;
    struct span type = scan_attr(tag, "type");
    if (span_is(type, "get") || span_is(type, "set")) {
        answer(run, tag);
        return;
    }
    run->alive_ns = run->net.now_ns;
    if (!span_is(scan_attr(tag, "id"), "configure"))
        return;
    run->results++;
    if (span_is(type, "error")) {
        buf_clear(run->why);
        buf_add_text(run->why, "the service refused to configure a room");
        run->broken = true;
    }
}

static void on_broken(void *user, struct span error)
{
    struct run *run = user;
    run->broken = true;
    buf_printf(run->why, "the other side ended the stream: %.*s",
               (int)(error.len < 200 ? error.len : 200), error.at);
}

/* ---- Turns ---- */

static bool fail(struct run *run, const char *why)
{
    if (run->why->len == 0)
        buf_printf(run->why, "%s (while %s)", why, run->phase);
    return false;
}

/* Sends, receives, takes samples; false when it is over. */
static bool turn(struct run *run, int timeout_ms)
{
    net_poll(&run->net, timeout_ms);
    uint64_t now = net_clock_ns();
    gauge_tick(&run->gauge, run->phase, now, run->ledger.sent, run->ledger.copies);
    if (run->net.ended || run->broken)
        return fail(run, "the other side closed the connection");
    return true;
}

/* Turns until a condition holds, as long as there are signs of life. */
static bool wait_until(struct run *run, bool (*holds)(const struct run *run), uint32_t timeout_ms)
{
    run->alive_ns = net_clock_ns();
    while (!holds(run)) {
        if (!turn(run, WAIT_TURN_MS))
            return false;
        if (net_clock_ns() > run->alive_ns + timeout_ms * UINT64_C(1000000))
            return fail(run, "nothing more came");
    }
    return true;
}

static bool all_is_back(const struct run *run)
{
    return run->ledger.open == 0;
}

static bool all_are_in(const struct run *run)
{
    uint64_t places = (uint64_t)run->options->rooms * run->options->occupants;
    return run->selves >= places && all_is_back(run);
}

static bool creators_are_in(const struct run *run)
{
    return run->selves >= run->options->rooms;
}

static bool rooms_are_configured(const struct run *run)
{
    return run->results >= run->options->rooms;
}

/* ---- Joining ---- */

/* Everybody sees everybody once, before or after; where presence is not shown, one's own is all
 * that counts. */
static void send_join(struct run *run, uint32_t room, uint32_t seat)
{
    struct place place = crowd_place(&run->crowd, room, seat);
    uint32_t copies = run->options->quiet_rooms ? 1 : run->options->occupants;
    uint32_t number = ledger_send(&run->ledger, net_clock_ns(), copies);
    crowd_join(&run->crowd, place, number, net_out(&run->net, place.user));
}

static bool create_rooms(struct run *run)
{
    run->phase = "create";
    for (uint32_t room = 0; room < run->options->rooms; room++)
        send_join(run, room, 0);
    if (!wait_until(run, creators_are_in, run->options->timeout_ms))
        return false;
    for (uint32_t room = 0; room < run->options->rooms; room++) {
        struct place place = crowd_place(&run->crowd, room, 0);
        crowd_configure(&run->crowd, place, net_out(&run->net, place.user));
    }
    return wait_until(run, rooms_are_configured, run->options->timeout_ms);
}

static bool join_rooms(struct run *run)
{
    run->phase = "join";
    for (uint32_t seat = 1; seat < run->options->occupants; seat++)
        for (uint32_t room = 0; room < run->options->rooms; room++)
            send_join(run, room, seat);
    return wait_until(run, all_are_in, run->options->timeout_ms);
}

/* ---- Work ---- */

static void send_one(struct run *run, uint64_t at_ns)
{
    struct place place = crowd_next(&run->crowd);
    uint32_t number = ledger_send(&run->ledger, at_ns, crowd_copies(&run->crowd));
    crowd_say(&run->crowd, place, number, net_out(&run->net, place.user));
}

/* A closed loop: whatever has come back to everybody makes room for another. */
static void fill_loop(struct run *run)
{
    uint64_t now = net_clock_ns();
    while (run->ledger.open < run->options->in_flight)
        send_one(run, now);
}

/* An open loop: latency is counted from when a stanza was due, even if it could only be sent later.
 */
static void fill_rate(struct run *run, uint64_t began_ns, uint64_t *sent)
{
    double each_ns = 1e9 / run->options->rate;
    double elapsed_ns = (double)(net_clock_ns() - began_ns);
    size_t limit = TURN_BYTES / run->options->bytes + 1;
    for (; limit && (double)*sent * each_ns <= elapsed_ns && !ledger_is_full(&run->ledger); limit--)
        send_one(run, began_ns + (uint64_t)((double)(*sent)++ * each_ns));
}

static bool work_for(struct run *run, uint32_t ms)
{
    uint64_t began = net_clock_ns(), end = began + ms * UINT64_C(1000000), sent = 0;
    while (net_clock_ns() < end) {
        if (run->options->rate)
            fill_rate(run, began, &sent);
        else
            fill_loop(run);
        if (!turn(run, 1))
            return false;
    }
    return true;
}

/* ---- Measuring ---- */

struct mark {
    uint64_t ns, sent, copies, received;
};

static struct mark mark_now(const struct run *run)
{
    return (struct mark){net_clock_ns(), run->ledger.sent, run->ledger.copies, run->net.received};
}

static struct mark measure_begin(struct run *run)
{
    gauge_measure(&run->gauge);
    run->counting = true;
    return mark_now(run);
}

static void measure_end(struct run *run, struct mark from)
{
    struct mark to = mark_now(run);
    struct report *report = run->report;
    run->counting = false;
    report->seconds = (double)(to.ns - from.ns) / 1e9;
    report->sent = (double)(to.sent - from.sent);
    report->copies = (double)(to.copies - from.copies);
    report->received = (double)(to.received - from.received);
    report->sent_s = report->sent / report->seconds;
    report->copies_s = report->copies / report->seconds;
    report->received_s = report->received / report->seconds;
    gauge_measured(&run->gauge, report->seconds);
}

/* Rooms are made before that: their creation is no part of a storm. */
static bool run_join(struct run *run)
{
    run->joining = true;
    if (!create_rooms(run))
        return false;
    struct mark from = measure_begin(run);
    bool ok = join_rooms(run);
    measure_end(run, from);
    run->report->join_seconds = run->report->seconds;
    gauge_joined(&run->gauge);
    run->joining = false;
    return ok;
}

static bool run_work(struct run *run)
{
    run->phase = "warm up";
    ledger_reset(&run->ledger);
    gauge_restart(&run->gauge, net_clock_ns());
    histogram_clear(&run->latency);
    if (!work_for(run, run->options->warmup_ms))
        return false;
    run->phase = run->options->work_name;
    struct mark from = measure_begin(run);
    bool ok = work_for(run, run->options->ms);
    measure_end(run, from);
    run->phase = "drain";
    if (ok && !wait_until(run, all_is_back, DRAIN_MS))
        buf_clear(run->why); /* what did not come is told as lost */
    return ok;
}

static void conclude(struct run *run)
{
    struct report *report = run->report;
    const struct histogram *latency = &run->latency;
    report->p50_ms = (double)histogram_at(latency, 0.50) / 1e6;
    report->p99_ms = (double)histogram_at(latency, 0.99) / 1e6;
    report->max_ms = (double)latency->max / 1e6;
    report->mean_ms = histogram_mean(latency) / 1e6;
    report->errors = (double)run->net.counts.errors;
    report->stray = (double)run->ledger.stray;
    report->lost = (double)(run->ledger.lost + ledger_due(&run->ledger));
}

/* ---- The whole ---- */

static uint32_t ledger_size(const struct options *options)
{
    uint64_t wanted = 2 * (uint64_t)options->rooms * options->occupants, size = LEDGER_MIN;
    while (size < wanted || size < 4 * (uint64_t)options->in_flight)
        size *= 2;
    return (uint32_t)size;
}

static bool go(struct run *run, struct series *series, int *mirror_r)
{
    const struct options *options = run->options;
    run->phase = "connect";
    if (!connect_all(&run->net, options, mirror_r, run->why))
        return false;
    gauge_init(&run->gauge, options, *mirror_r, run->report, series);
    bool ok = run_join(run) && (options->work == WORK_JOIN || run_work(run));
    gauge_end(&run->gauge);
    conclude(run);
    return ok;
}

bool run_all(const struct options *options, struct report *report, struct series *series,
             struct buf *why)
{
    struct run *run = mem_new(sizeof *run);
    int mirror = 0;
    *report = (struct report){.work = options->work_name,
                              .rooms = options->rooms,
                              .occupants = options->occupants,
                              .bytes = options->bytes};
    run->options = options;
    run->report = report;
    run->why = why;
    struct scan_events events = {run, on_copy, on_refused, on_iq, on_broken};
    crowd_init(&run->crowd, options);
    ledger_init(&run->ledger, ledger_size(options));
    net_init(&run->net, &events);
    bool ok = go(run, series, &mirror);
    net_free(&run->net);
    if (mirror > 0)
        waitpid(mirror, NULL, 0);
    ledger_free(&run->ledger);
    crowd_free(&run->crowd);
    free(run);
    return ok;
}
