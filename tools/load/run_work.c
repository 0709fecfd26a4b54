/* The work of a run, and the messages before it. */
#include "run_private.h"

#define TURN_BYTES (256u * 1024) /* written before input is handled */

static void send_message(struct load_run *run, struct traffic_place place, struct ledger *ledger)
{
    uint32_t copies = traffic_message_copies(&run->traffic, place.room);
    uint32_t number = ledger_send(ledger, net_clock_ns(), copies);
    traffic_message(&run->traffic, place, number, net_out(&run->net, place.user));
}

bool run_fill(struct load_run *run)
{
    uint64_t total = (uint64_t)run->options->fill * run->options->rooms, sent = 0;
    run->phase = "fill";
    run->fill_first = run->ledger.next;
    run->alive_ns = net_clock_ns();
    while (sent < total || !run_is_back(run)) {
        for (; sent < total && run->ledger.open < run->options->in_flight; sent++) {
            uint32_t room = (uint32_t)(sent % run->options->rooms);
            send_message(run, traffic_place(&run->traffic, room, 0), &run->ledger);
        }
        if (!run_wait(run, run->options->timeout_ms))
            return false;
    }
    run->work_first = run->ledger.next;
    return true;
}

static void send_one(struct load_run *run, uint64_t at_ns)
{
    struct traffic_place place = traffic_next(&run->traffic);
    uint32_t number = ledger_send(&run->ledger, at_ns, traffic_copies(&run->traffic));
    traffic_say(&run->traffic, place, number, net_out(&run->net, place.user));
    if (run->options->work == WORK_HISTORY || run->options->work == WORK_ARCHIVE)
        run->replay_due += options_replayed(run->options);
}

/* A closed loop: a stanza that is back with everybody makes room for another. */
static void fill_loop(struct load_run *run)
{
    uint64_t now = net_clock_ns();
    while (run->ledger.open < run->options->in_flight)
        send_one(run, now);
}

static void fill_flood(struct load_run *run)
{
    while (run->flood.open < run->options->in_flight)
        send_message(run, traffic_next_flood(&run->traffic), &run->flood);
}

/* An open loop: latency counts from when a stanza was due, even when it is sent later. */
static void fill_rate(struct load_run *run, uint64_t began_ns, uint64_t *sent)
{
    double each_ns = 1e9 / run->options->rate;
    double elapsed_ns = (double)(net_clock_ns() - began_ns);
    size_t limit = TURN_BYTES / run->options->bytes + 1;
    for (; limit && (double)*sent * each_ns <= elapsed_ns && !ledger_is_full(&run->ledger); limit--)
        send_one(run, began_ns + (uint64_t)((double)(*sent)++ * each_ns));
}

bool run_work(struct load_run *run, uint32_t ms)
{
    uint64_t began = net_clock_ns(), end = began + ms * UINT64_C(1000000), sent = 0;
    while (net_clock_ns() < end) {
        if (run->options->rate)
            fill_rate(run, began, &sent);
        else
            fill_loop(run);
        if (run->options->flood)
            fill_flood(run);
        if (!run_turn(run, 1))
            return false;
    }
    return true;
}
