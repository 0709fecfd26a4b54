#include <errno.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "link/guard.h"
#include "link/link_private.h"

/* What the guard says at the end of a stanza; NULL when it is whole. */
static const char *guard_mark(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *last = NULL;
    for (xmpp_stanza_t *at = xmpp_stanza_get_children(stanza); at; at = xmpp_stanza_get_next(at))
        last = at;
    const char *name = last ? xmpp_stanza_get_name(last) : NULL;
    return name && name[0] == GUARD_CUT[0] ? name : NULL;
}

/* What else comes at a stream's level is libstrophe's. */
static bool is_stanza(xmpp_stanza_t *element)
{
    const char *name = xmpp_stanza_get_name(element), *ns = xmpp_stanza_get_ns(element);
    return name && ns && (strcmp(ns, NS_COMPONENT) == 0 || strcmp(ns, NS_CLIENT) == 0) &&
           (strcmp(name, "message") == 0 || strcmp(name, "presence") == 0 ||
            strcmp(name, "iq") == 0);
}

static void begin_turn(struct link *link)
{
    if (link->in_turn)
        return;
    link->in_turn = true;
    link->user.turn_begin(link->user.user);
}

static void end_turn(struct link *link)
{
    if (!link->in_turn)
        return;
    link->in_turn = false;
    link->user.turn_end(link->user.user);
}

/* libstrophe's one handler; it stays (returns 1) for ever. */
int link_on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *user)
{
    struct link *link = user;
    (void)conn;
    link_watch_input(link); /* it may have come after run() looked */
    if (link->state != LINK_UP || !is_stanza(stanza) || link_rival_see(link, stanza) ||
        link_watch_is_own_ping(link, stanza) || link_pace_is_back(link, stanza))
        return 1;
    const char *mark = guard_mark(stanza);
    if (!mark || strcmp(mark, GUARD_CUT) == 0)
        stanza_list_add(&link->arrived, xmpp_stanza_clone(stanza), mark != NULL);
    return 1;
}

static void hand_on(struct link *link, const struct stanza_item *item)
{
    begin_turn(link);
    if (link_receipt_is_back(link, item->stanza))
        link->user.receipt(link->user.user);
    else
        link->user.stanza(link->user.user, item->stanza, item->cut ? LINK_CUT : LINK_WHOLE);
}

/* What arrived with one read is handed on behind it: a processor that is done with reading XML, and
 * then does what it says, keeps less code at hand than one that changes between the two. */
static void run_libstrophe(struct link *link)
{
    errno = 0; /* at the end of what comes in, libstrophe takes it for the reason */
    xmpp_run_once(link->ctx, 0);
    for (size_t i = 0; i < link->arrived.count; i++)
        hand_on(link, &link->arrived.items[i]);
    stanza_list_clear(&link->arrived);
}

bool link_has_left(const struct link *link)
{
    return !pool_holds(link->pool) && xmpp_conn_send_queue_len(link->conn) == 0;
}

/* What the user has to send, as much as may be under way, and a mark behind it. */
static size_t take(struct link *link, char *slice, size_t size)
{
    uint64_t room = link->user.has_work(link->user.user) ? link_pace_room(link) : 0, weight = 0;
    if (room == 0)
        return 0;
    size_t len = link->user.take(link->user.user, slice, size - LINK_PING_BYTES, room, &weight);
    return len + link_pace_take(link, slice + len, size - len, weight);
}

static void hand_over(struct link *link)
{
    if (link->state != LINK_UP || link->lost || !link_has_left(link))
        return;
    size_t len = link_watch_take(link, link->slice, LINK_SLICE_BYTES);
    len += link_rival_take(link, link->slice + len, LINK_SLICE_BYTES - len);
    len += take(link, link->slice + len, LINK_SLICE_BYTES - LINK_PING_BYTES - len);
    len += link_receipt_take(link, link->slice + len, LINK_SLICE_BYTES - len);
    if (len == 0)
        return;
    len += link_pad_take(link->slice, len, LINK_SLICE_BYTES);
    link->slice[len] = '\0';         /* libstrophe measures what it is given, */
    pool_watch(link->pool, len + 1); /* and makes a copy */
    xmpp_send_raw(link->conn, link->slice, len);
}

/*
 * While there is still something of earlier turns to write, a commit holds that up. So it is
 * written, and what comes in meanwhile is in the same turn: a moment long, and somewhat longer if
 * all of it is behind others of its room.
 */
static bool goes_on_writing(struct link *link, int64_t us)
{
    const struct link_user *user = &link->user;
    return us < LINK_REST_US && link->state == LINK_UP && link_has_left(link) &&
           user->has_work(user->user) && link_pace_room(link) > 0 &&
           (us < LINK_WRITE_US || !user->is_pressing(user->user));
}

/* Writes what was handed over, then reads while there is input, within the limits of a turn. */
static void run(struct link *link)
{
    int64_t begin = clock_mono_us(), now = begin;
    uint32_t reads = link->settings.input_bytes / LINK_READ_BYTES;
    bool goes_on = true;
    while (goes_on && !link->lost) {
        hand_over(link);
        bool has_input = wire_is_readable(link->wire);
        if (has_input)
            link_watch_input(link);
        run_libstrophe(link);
        if (has_input && !link->lost)
            wire_acknowledge(link->wire);
        now = clock_mono_us();
        reads -= reads > 0;
        bool reads_on = has_input && reads > 0 && now < begin + link->settings.input_ms * 1000;
        goes_on = reads_on || goes_on_writing(link, now - begin);
    }
    if (link->state != LINK_UP && !link->lost)
        run_libstrophe(link); /* writes what libstrophe has to say; no queue counts that */
}

void link_turn(struct link *link)
{
    if (!link->wire)
        return;
    if (link->state == LINK_CONNECTING && link->connect_error == 0)
        link->connect_error = wire_error(link->wire);
    link->running = true;
    run(link);
    end_turn(link);
    link->running = false;
    link_settle(link);
    link_flush(link);
    link_advance_stop(link);
}

void link_flush(struct link *link)
{
    if (!link->wire || link->running)
        return;
    hand_over(link);
    wire_watch(link->wire, !link->wired || !link_has_left(link));
}
