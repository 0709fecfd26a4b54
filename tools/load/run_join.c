/* The beginning of a run: rooms are created and configured, then all join. */
#include "run_private.h"

/* Everybody receives everybody's presence once. Where presence is not shown, only the own one
 * counts. */
static void send_join(struct load_run *run, struct traffic_place place)
{
    uint32_t copies =
        run->options->quiet_rooms ? 1 : traffic_message_copies(&run->traffic, place.room);
    uint32_t number = ledger_send(&run->ledger, net_clock_ns(), copies);
    traffic_join(&run->traffic, place, number, net_out(&run->net, place.user));
}

static void send_creator(struct load_run *run, uint64_t index)
{
    send_join(run, traffic_place(&run->traffic, (uint32_t)index, 0));
}

static void send_configuration(struct load_run *run, uint64_t index)
{
    struct traffic_place place = traffic_place(&run->traffic, (uint32_t)index, 0);
    traffic_configure(&run->traffic, place, net_out(&run->net, place.user));
}

static void send_joiner(struct load_run *run, uint64_t index)
{
    send_join(run, traffic_joiner(&run->traffic, index));
}

/* Sends `total` stanzas and waits for all answers; at most options->joining are unanswered at a
 * time. */
static bool send_all(struct load_run *run, uint64_t total,
                     void (*send)(struct load_run *run, uint64_t index), const uint64_t *answered)
{
    uint64_t before = *answered, sent = 0;
    run->alive_ns = net_clock_ns();
    while (*answered - before < total) {
        while (sent < total && sent - (*answered - before) < run->options->joining)
            send(run, sent++);
        if (!run_wait(run, run->options->timeout_ms))
            return false;
    }
    return true;
}

bool run_create(struct load_run *run)
{
    uint32_t rooms = traffic_rooms(&run->traffic);
    run->phase = "create";
    if (!send_all(run, rooms, send_creator, &run->selves))
        return false;
    run->phase = "configure";
    return send_all(run, rooms, send_configuration, &run->results);
}

bool run_join(struct load_run *run)
{
    run->phase = "join";
    return send_all(run, traffic_joiners(&run->traffic), send_joiner, &run->selves) &&
           run_wait_until(run, run_is_back, run->options->timeout_ms);
}
