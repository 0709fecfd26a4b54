#include <errno.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "link/guard.h"
#include "link/link_private.h"

/* The name of the guard's mark at the end of a stanza; NULL: the stanza is whole. */
static const char *guard_mark(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *last = NULL;
    for (xmpp_stanza_t *at = xmpp_stanza_get_children(stanza); at; at = xmpp_stanza_get_next(at))
        last = at;
    const char *name = last ? xmpp_stanza_get_name(last) : NULL;
    return name && name[0] == GUARD_CUT[0] ? name : NULL;
}

/* Other elements at this level, such as the handshake, are libstrophe's. */
static bool is_stanza(xmpp_stanza_t *element)
{
    const char *name = xmpp_stanza_get_name(element), *ns = xmpp_stanza_get_ns(element);
    return name && ns && (strcmp(ns, NS_COMPONENT) == 0 || strcmp(ns, NS_CLIENT) == 0) &&
           (strcmp(name, "message") == 0 || strcmp(name, "presence") == 0 ||
            strcmp(name, "iq") == 0);
}

static void user_turn_begin(struct link *link)
{
    if (link->activity == LINK_IN_TURN)
        return;
    link->activity = LINK_IN_TURN;
    link->user.turn_begin(link->user.user);
}

static void user_turn_end(struct link *link)
{
    if (link->activity != LINK_IN_TURN)
        return;
    link->activity = LINK_RUNNING;
    link->user.turn_end(link->user.user);
}

/* Returns 1, or libstrophe would remove the handler. */
int link_io_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *user)
{
    struct link *link = user;
    (void)conn;
    link_watch_input(link); /* the stanza may have come after exchange() looked */
    if (link->state != LINK_UP || !is_stanza(stanza) || link_rival_see(link, stanza) ||
        link_watch_is_own_ping(link, stanza) || link_pace_is_back(link, stanza) ||
        link_multi_is_answer(link, stanza))
        return 1;
    const char *mark = guard_mark(stanza);
    if (!mark && link_multi_is_back(link, stanza))
        return 1;
    if (!mark || strcmp(mark, GUARD_CUT) == 0)
        stanza_list_add(&link->arrived, xmpp_stanza_clone(stanza), mark != NULL);
    return 1;
}

static void hand_on(struct link *link, const struct stanza_item *item)
{
    user_turn_begin(link);
    if (!link_receipt_is_back(link, item->stanza))
        link->user.stanza(link->user.user, item->stanza, item->cut ? LINK_CUT : LINK_WHOLE);
    else if (!link->receipt_is_void)
        link->user.receipt(link->user.user);
}

/* Parses a whole read before any of its stanzas is handled: that is kinder to the processor's cache
 * of instructions than alternating. */
static void run_libstrophe(struct link *link)
{
    errno = 0; /* libstrophe takes errno for the reason when the input ends */
    xmpp_run_once(link->ctx, 0);
    for (size_t i = 0; i < link->arrived.count; i++)
        hand_on(link, &link->arrived.items[i]);
    stanza_list_clear(&link->arrived);
}

bool link_io_has_left(const struct link *link)
{
    return !pool_holds(link->pool) && xmpp_conn_send_queue_len(link->conn) == 0;
}

/* Adds as much of the user's work as may be under way, and a mark after it. */
static size_t take_work(struct link *link, char *slice, size_t size)
{
    uint64_t room = link->user.has_work(link->user.user) ? link_pace_room(link) : 0, weight = 0;
    if (room == 0)
        return 0;
    size_t len = link->user.take(link->user.user, slice, size - LINK_PING_BYTES, room, &weight);
    return len + link_pace_take(link, slice + len, size - len, weight);
}

static void hand_slice(struct link *link)
{
    if (link->state != LINK_UP || !link_io_has_left(link))
        return;
    size_t len = link_watch_take(link, link->slice, LINK_SLICE_BYTES);
    len += link_rival_take(link, link->slice + len, LINK_SLICE_BYTES - len);
    len += link_multi_take(link, link->slice + len, LINK_SLICE_BYTES - len);
    len += take_work(link, link->slice + len, LINK_SLICE_BYTES - LINK_PING_BYTES - len);
    len += link_receipt_take(link, link->slice + len, LINK_SLICE_BYTES - len);
    if (len == 0)
        return;
    len += link_pad_take(link->slice, len, LINK_SLICE_BYTES);
    link->slice[len] = '\0';         /* libstrophe measures the slice */
    pool_watch(link->pool, len + 1); /* the size of libstrophe's copy */
    xmpp_send_raw(link->conn, link->slice, len);
}

/* The commit at the end of a turn would delay the output of earlier turns. So earlier output is
 * written first, and input that comes meanwhile joins the turn: for LINK_WRITE_US, and for
 * LINK_REST_US if the turn has nothing that could leave at once. */
static bool goes_on_writing(struct link *link, int64_t us)
{
    const struct link_user *user = &link->user;
    return us < LINK_REST_US && link->state == LINK_UP && link_io_has_left(link) &&
           user->has_work(user->user) && link_pace_room(link) > 0 &&
           (us < LINK_WRITE_US || !user->is_pressing(user->user));
}

/* Writes slices, and reads while there is input, within the limits of a turn. */
static void exchange(struct link *link)
{
    int64_t begin = clock_mono_us(), now = begin;
    uint32_t reads = link->settings.input_bytes / LINK_READ_BYTES;
    bool goes_on = true;
    while (goes_on && !link_has_ended(link)) {
        hand_slice(link);
        bool has_input = wire_is_readable(link->wire);
        if (has_input)
            link_watch_input(link);
        run_libstrophe(link);
        if (has_input && !link_has_ended(link))
            wire_acknowledge(link->wire);
        now = clock_mono_us();
        reads -= reads > 0;
        bool reads_on = has_input && reads > 0 && now < begin + link->settings.input_ms * 1000;
        goes_on = reads_on || goes_on_writing(link, now - begin);
    }
    if (link->state != LINK_UP && !link_has_ended(link))
        run_libstrophe(link); /* writes libstrophe's own output, which no queue counts */
}

void link_io_turn(struct link *link)
{
    if (!link->wire)
        return;
    if (link_is_connecting(link) && link->connect_error == 0)
        link->connect_error = wire_error(link->wire);
    link->activity = LINK_RUNNING;
    exchange(link);
    user_turn_end(link);
    link_multi_return(link);
    link->activity = LINK_AT_REST;
    link_settle(link);
    link_io_flush(link);
    link_advance_stop(link);
}

void link_io_flush(struct link *link)
{
    if (!link->wire || link->activity != LINK_AT_REST)
        return;
    hand_slice(link);
    wire_watch(link->wire, link->state == LINK_CONNECTING || !link_io_has_left(link));
}
