#include "kill.h"

#include <stdlib.h>
#include <time.h>

#include "coven/clock.h"
#include "integrity.h"
#include "send.h"

#define DRAIN_MS       10000
#define UNREAD_ACTIONS 100

/*
 * Three in four kills come while people are at work. One in four comes soon, while covend recovers
 * from the last one: the queries that are sent then, and covend's own, are counted too.
 */
void kill_arm(struct run *run)
{
    uint32_t queries = run->options->rooms * (18 + 3 * run->options->seats);
    bool soon = dice_once_in(&run->dice, 4);
    run->countdown = 1 + dice_below(&run->dice, soon ? queries : run->options->stanzas);
    run->countdown += soon ? 0 : queries;
    run->due = false;
}

static void pause_us(uint32_t us)
{
    const struct timespec pause = {0, (long)us * 1000};
    nanosleep(&pause, NULL);
}

/* Stops reading what covend sends, so that it will be lost, while people go on. */
static void stop_reading(struct run *run)
{
    run->link.reading_stopped = true;
    for (uint32_t acts = 1 + dice_below(&run->dice, UNREAD_ACTIONS); acts; acts--) {
        run_act(run);
        connection_poll(&run->link, 2, &run->failure);
        pause_us(2000);
    }
}

/* ---- A kill ---- */

/* Reads what covend sent before it died. */
static void drain(struct run *run)
{
    int64_t deadline = clock_mono_ms() + DRAIN_MS;
    while (!run->link.reading_stopped && run->link.fd >= 0 && clock_mono_ms() < deadline)
        connection_poll(&run->link, 100, &run->failure);
    connection_close(&run->link);
}

static void kill_covend(struct run *run)
{
    struct buf why = BUF_INIT;
    if (dice_once_in(&run->dice, 2))
        stop_reading(run);
    pause_us(dice_below(&run->dice, 2000));
    if (!victim_kill(&run->victim, &why))
        run_fail(run, "%s", why.data);
    drain(run);
    if (!why.len && !integrity_check(run->victim.folder, &why))
        run_fail(run, "%s", why.data);
    buf_free(&why);
}

/* ---- A cut ---- */

/* Ends some sessions: covend cannot be told. */
static void end_some_sessions(struct run *run)
{
    for (uint32_t i = 0; i < run->model.count; i++) {
        struct model_room *room = &run->model.rooms[i];
        const struct model_change *change = &room->change;
        for (uint32_t seat = 1; seat < run->model.seats; seat++) {
            bool busy =
                change->kind != CHANGE_NONE &&
                (change->seat == seat || change->after.nick[seat] != room->state.nick[seat]);
            if (busy || !room->state.nick[seat] || !dice_once_in(&run->dice, 8))
                continue;
            room->seats[seat].dead = true;
            run->deaths++;
        }
    }
}

/* The link ends in the middle of a stanza. */
static void send_half(struct run *run)
{
    struct buf *out = connection_out(&run->link);
    size_t before = out->len;
    send_message(&run->model.rooms[0], 0, 0, out);
    buf_cut(out, before + 1 + dice_below(&run->dice, (uint32_t)(out->len - before - 1)));
}

static void cut_link(struct run *run)
{
    enum { PLAIN, HALF, UNREAD, UNREAD_AND_HALF, KINDS };
    uint32_t kind = dice_below(&run->dice, KINDS);
    run->link.reading_stopped = false;
    if (kind == UNREAD || kind == UNREAD_AND_HALF)
        stop_reading(run);
    if (kind == HALF || kind == UNREAD_AND_HALF)
        send_half(run);
    run->link.reading_stopped = true;
    connection_poll(&run->link, 0, &run->failure);
    connection_close(&run->link);
    end_some_sessions(run);
}

void kill_now(struct run *run)
{
    run->due = false;
    run->countdown = 0;
    run->kills++;
    if (run->options->mode == MODE_CUT)
        cut_link(run);
    else
        kill_covend(run);
}
