#include "strike.h"

#include <stdlib.h>
#include <time.h>

#include "coven/clock.h"
#include "integrity.h"
#include "speak.h"

#define DRAIN_MS  10000
#define DEAF_ACTS 100

/*
 * Three in four come while people are at work; one in four comes soon, while the last one is still
 * being recovered from: the questions that are asked then, covend's own too, are stanzas as well.
 */
void strike_arm(struct run *run)
{
    uint32_t questions = run->options->rooms * (18 + 3 * run->options->seats);
    bool soon = dice_once_in(&run->dice, 4);
    run->countdown = 1 + dice_below(&run->dice, soon ? questions : run->options->stanzas);
    run->countdown += soon ? 0 : questions;
    run->due = false;
}

static void pause_us(uint32_t us)
{
    const struct timespec pause = {0, (long)us * 1000};
    nanosleep(&pause, NULL);
}

/* Nothing of what covend sends is read any more, while people go on: it will be lost. */
static void turn_deaf(struct run *run)
{
    run->line.deaf = true;
    for (uint32_t acts = 1 + dice_below(&run->dice, DEAF_ACTS); acts; acts--) {
        run_act(run);
        line_poll(&run->line, 2, &run->fault);
        pause_us(2000);
    }
}

/* ---- A kill ---- */

/* What covend handed over before it died still arrives, if anybody reads. */
static void drain(struct run *run)
{
    int64_t deadline = clock_mono_ms() + DRAIN_MS;
    while (!run->line.deaf && run->line.fd >= 0 && clock_mono_ms() < deadline)
        line_poll(&run->line, 100, &run->fault);
    line_close(&run->line);
}

static void kill_it(struct run *run)
{
    struct buf why = BUF_INIT;
    if (dice_once_in(&run->dice, 2))
        turn_deaf(run);
    pause_us(dice_below(&run->dice, 2000));
    if (!victim_kill(&run->victim, &why))
        run_fault(run, "%s", why.data);
    drain(run);
    if (!why.len && !integrity_check(run->victim.folder, &why))
        run_fault(run, "%s", why.data);
    buf_free(&why);
}

/* ---- A cut ---- */

/* Some sessions end while nobody can tell covend. */
static void let_some_die(struct run *run)
{
    for (uint32_t i = 0; i < run->world.count; i++) {
        struct room *room = &run->world.rooms[i];
        const struct change *change = &room->change;
        for (uint32_t seat = 1; seat < run->world.seats; seat++) {
            bool busy =
                change->kind != CHANGE_NONE &&
                (change->seat == seat || change->after.nick[seat] != room->shape.nick[seat]);
            if (busy || !room->shape.nick[seat] || !dice_once_in(&run->dice, 8))
                continue;
            room->seats[seat].dead = true;
            run->deaths++;
        }
    }
}

/* Half of a stanza is the last that covend gets. */
static void speak_half(struct run *run)
{
    struct buf *out = line_out(&run->line);
    size_t before = out->len;
    speak_message(&run->world.rooms[0], 0, 0, out);
    buf_cut(out, before + 1 + dice_below(&run->dice, (uint32_t)(out->len - before - 1)));
}

static void cut_it(struct run *run)
{
    enum { PLAIN, HALF, DEAF, DEAF_AND_HALF, KINDS };
    uint32_t kind = dice_below(&run->dice, KINDS);
    run->line.deaf = false;
    if (kind == DEAF || kind == DEAF_AND_HALF)
        turn_deaf(run);
    if (kind == HALF || kind == DEAF_AND_HALF)
        speak_half(run);
    run->line.deaf = true;
    line_poll(&run->line, 0, &run->fault);
    line_close(&run->line);
    let_some_die(run);
}

void strike_now(struct run *run)
{
    run->due = false;
    run->countdown = 0;
    run->strikes++;
    if (run->options->mode == MODE_CUT)
        cut_it(run);
    else
        kill_it(run);
}
