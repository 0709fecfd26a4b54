/*
 * How much may be under way? Whatever the server has not handled yet delays all later output of
 * every room. So it gets no more at a time than it handles in some milliseconds. Pings among the
 * slices, the marks, tell how far it is and how long that took; TCP cannot tell, because for TCP
 * bytes in the server's buffers have arrived. A server that sends no mark back gets everything at
 * once.
 */

#include <stdio.h>

#include "coven/clock.h"
#include "coven/id.h"
#include "link/link_private.h"

/* Weights. */
#define WINDOW_FIRST (512u * 1024u)
#define WINDOW_MIN   (32u * 1024u)
#define WINDOW_MAX   (1024ull * 1024u * 1024u)
#define WINDOW_MULTI (4000u * OUTBOX_COPY_WEIGHT / MULTI_WEIGHT_PART) /* some thousand copies */
#define TARGET_US    12000    /* wait of the last stanza of a window, without the round trip */
#define PROBE_US     10000000 /* between measurements of the round trip */
#define LOST_US      3000000  /* after this time a mark counts as lost */

void link_pace_begin(struct link *link)
{
    struct pace *pace = &link->pace;
    *pace = (struct pace){.window = WINDOW_FIRST, .base_us = INT64_MAX, .off = true};
    id_random_text(pace->id);
    pace->probed_us = clock_mono_us();
}

/* ---- Marks ---- */

static void print_id(const struct pace *pace, uint32_t number, char out[PACE_ID_SIZE])
{
    snprintf(out, PACE_ID_SIZE, "%s-%u", pace->id, number);
}

static struct pace_mark *mark_at(struct pace *pace, uint32_t number)
{
    return &pace->marks[number % PACE_MARKS];
}

/* With pacing off: makes room for another mark now and then, as one lost mark proves little. */
static void forget_lost(struct pace *pace)
{
    bool waits = pace->off && pace->oldest != pace->newest;
    if (waits && clock_mono_us() - mark_at(pace, pace->newest - 1)->at_us > LOST_US)
        pace->oldest = pace->newest;
}

/* Where the server makes the copies, it could be given many with few bytes. */
static uint64_t window_of(const struct link *link)
{
    uint64_t window = link->pace.window;
    return link->multi.on && window > WINDOW_MULTI ? WINDOW_MULTI : window;
}

/* A mark is due after each part of the window, so that the server still has work when the mark of
 * the first part comes back. */
size_t link_pace_take(struct link *link, char *slice, size_t size, uint64_t weight)
{
    struct pace *pace = &link->pace;
    char id[PACE_ID_SIZE];
    pace->sent += weight;
    forget_lost(pace);
    uint32_t under_way = pace->newest - pace->oldest;
    bool due = pace->sent - pace->marked >= window_of(link) / PACE_MARKS || pace->newest == 0;
    if (!due || under_way == PACE_MARKS || (under_way > 0 && pace->off))
        return 0;
    pace->marked = pace->sent;
    *mark_at(pace, pace->newest) = (struct pace_mark){pace->sent, clock_mono_us()};
    print_id(pace, pace->newest++, id);
    return link_ping_write(link, id, slice, size);
}

/* Marks come back in order: those before this one are lost. */
static const struct pace_mark *take_mark(struct link *link, xmpp_stanza_t *stanza)
{
    struct pace *pace = &link->pace;
    for (uint32_t number = pace->oldest; number != pace->newest; number++) {
        char id[PACE_ID_SIZE];
        print_id(pace, number, id);
        if (!link_ping_is(link, id, stanza))
            continue;
        pace->oldest = number + 1;
        return mark_at(pace, number);
    }
    return NULL;
}

/* ---- The window ---- */

/* Begins to measure the round trip: a mark takes that long when next to nothing is under way. */
static void probe_begin(struct pace *pace, int64_t now)
{
    pace->probed_us = now;
    pace->probes = true;
    pace->window_before = pace->window;
    pace->window = WINDOW_MIN;
}

static void probe_end(struct pace *pace, int64_t us)
{
    pace->probes = false;
    pace->base_us = us;
    pace->window = pace->window_before;
}

/* Shrinks the window if marks take too long, once for all that were under way then; enlarges it if
 * it was too small for the work. */
static void adapt_window(struct pace *pace, const struct pace_mark *mark, int64_t now,
                         uint64_t most)
{
    int64_t wait = now - mark->at_us - pace->base_us;
    if (wait > TARGET_US && mark->at_us > pace->cut_us) {
        pace->window -= pace->window / (wait > 2 * TARGET_US ? 2 : 8);
        pace->cut_us = now;
    } else if (wait <= TARGET_US && pace->wanted) {
        pace->window += pace->window / (wait > TARGET_US / 2 ? 16 : 4);
    }
    pace->wanted = false;
    if (pace->window < WINDOW_MIN)
        pace->window = WINDOW_MIN;
    if (pace->window > most)
        pace->window = most;
}

static void learn_from(struct link *link, const struct pace_mark *mark)
{
    struct pace *pace = &link->pace;
    int64_t now = clock_mono_us(), us = now - mark->at_us;
    if (us < pace->base_us)
        pace->base_us = us;
    if (!pace->probes)
        adapt_window(pace, mark, now, link->multi.on ? WINDOW_MULTI : WINDOW_MAX);
    else if (mark->at_us > pace->probed_us)
        probe_end(pace, us);
    if (!pace->probes && now - pace->probed_us > PROBE_US)
        probe_begin(pace, now);
}

/* Measures the speed from one mark to the next, if the server had enough work all the time. The
 * longer that took, the more it counts: half from half a second on. */
static void measure_speed(struct pace *pace, uint64_t handled)
{
    int64_t now = clock_mono_us(), passed = now - pace->back_us;
    if (pace->wanted && pace->wanted_before && passed > 0) {
        double speed = (double)handled * 1000000 / (double)passed, before = (double)pace->speed;
        double part = passed < 500000 ? (double)passed / 1000000 : 0.5;
        pace->speed = (uint64_t)(pace->speed == 0 ? speed : before + (speed - before) * part);
    }
    pace->back_us = now;
    pace->wanted_before = pace->wanted;
}

bool link_pace_is_back(struct link *link, xmpp_stanza_t *stanza)
{
    struct pace *pace = &link->pace;
    const struct pace_mark *mark = take_mark(link, stanza);
    if (!mark)
        return false;
    if (!pace->off)
        measure_speed(pace, mark->sent - pace->handled);
    pace->handled = pace->off ? pace->sent : mark->sent;
    pace->off = false;
    link_multi_advance(link);
    if (pace->speed > 0 && link->user.speed)
        link->user.speed(link->user.user, pace->speed);
    learn_from(link, mark);
    return true;
}

uint64_t link_pace_room(struct link *link)
{
    struct pace *pace = &link->pace;
    uint64_t under_way = pace->sent - pace->handled, window = window_of(link);
    if (link_multi_holds(link))
        return 0;
    if (under_way < window && !pace->off)
        return window - under_way;
    pace->wanted = true;
    if (!pace->off && pace->oldest == pace->newest)
        return 1; /* one stanza, and after it the mark that is due */
    if (!pace->off && clock_mono_us() - mark_at(pace, pace->oldest)->at_us > LOST_US) {
        pace->off = true;
        link_multi_end(link, "it confirms nothing");
    }
    return pace->off ? WINDOW_MAX : 0;
}
