#include "disruption.h"

#include <stdlib.h>

#include "action.h"
#include "coven/clock.h"
#include "coven/mem.h"
#include "device.h"

#define AWAY_MS       5000 /* the longest time that covend is down */
#define BURST_ACTIONS 40
#define BURST_MS      5 /* the longest time from a burst to the kill */

void disruption_plan(struct people *people, int64_t until_ms)
{
    int64_t now_ms = clock_mono_ms();
    uint32_t span = until_ms > now_ms ? (uint32_t)(until_ms - now_ms) : 1;
    people->disruption_count = people->options->kills;
    people->disruptions = mem_new((people->disruption_count + 1) * sizeof *people->disruptions);
    for (uint32_t i = 0; i < people->disruption_count; i++) {
        int64_t at_ms = now_ms + dice_below(&people->dice, span);
        uint32_t place = i;
        for (; place > 0 && people->disruptions[place - 1] > at_ms; place--)
            people->disruptions[place] = people->disruptions[place - 1];
        people->disruptions[place] = at_ms;
    }
}

static void complain(struct people *people, struct buf *why)
{
    if (why->len)
        people_fail(people, TRACE_EVERYWHERE, NULL, NULL, "%s", why->data);
    buf_free(why);
}

/* Whatever is under way may be lost. */
static void lose(struct people *people, bool messages)
{
    people->up = false;
    people->disrupted_ms = clock_mono_ms();
    private_excuse_all(&people->private_messages);
    for (uint32_t i = 0; messages && i < people->device_count; i++) {
        for (uint32_t room = 0; room < people->room_count; room++)
            view_disrupt(&people->devices[i].views[room]);
    }
}

/* In half of the cases covend is started again at once. */
static void start_later(struct people *people)
{
    uint32_t away_ms = dice_once_in(&people->dice, 2) ? 1 : dice_below(&people->dice, AWAY_MS);
    people->start_ms = clock_mono_ms() + away_ms;
}

/* In half of the cases much is under way when the kill comes. */
static void burst(struct people *people)
{
    if (dice_once_in(&people->dice, 2))
        return;
    for (unsigned i = 0; i < BURST_ACTIONS; i++)
        action_do(people);
    people_turn(people, 0);
    people_turn(people, (int)dice_below(&people->dice, BURST_MS));
}

static void kill_covend(struct people *people)
{
    struct buf why = BUF_INIT;
    burst(people);
    trace_add(&people->traces, TRACE_EVERYWHERE, "*** covend is killed");
    victim_kill(&people->victim, &why);
    people->kills++;
    lose(people, true);
    start_later(people);
    complain(people, &why);
}

/* Before it ends, covend sends everything that it has to send. */
static void end_covend(struct people *people)
{
    struct buf why = BUF_INIT;
    trace_add(&people->traces, TRACE_EVERYWHERE, "*** covend is ended");
    victim_end(&people->victim, &why);
    people->ends++;
    lose(people, false);
    start_later(people);
    complain(people, &why);
}

static void crash_server(struct people *people)
{
    trace_add(&people->traces, TRACE_EVERYWHERE, "*** the server crashes");
    lose(people, true);
    people->outages++;
    if (system(people->options->outage) != 0)
        people_fail(people, TRACE_EVERYWHERE, NULL, NULL, "the command failed: %s",
                    people->options->outage);
}

void disruption_if_due(struct people *people)
{
    if (people->disruption_next == people->disruption_count || people->start_ms ||
        clock_mono_ms() < people->disruptions[people->disruption_next])
        return;
    people->disruption_next++;
    if (people->options->outage && dice_once_in(&people->dice, 4))
        crash_server(people);
    else if (people->up &&
             dice_once_in(&people->dice, 4)) /* before that it may not handle signals yet */
        end_covend(people);
    else
        kill_covend(people);
}

void disruption_tick(struct people *people)
{
    struct buf why = BUF_INIT;
    if (people->start_ms == 0 || clock_mono_ms() < people->start_ms)
        return;
    people->start_ms = 0;
    trace_add(&people->traces, TRACE_EVERYWHERE, "*** covend is started");
    victim_start(&people->victim, people->options->seed + people->kills, &why);
    complain(people, &why);
}
