#include "resend.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "coven/stored_xml.h"
#include "muc/say/deliver.h"
#include "muc/say/presence.h"
#include "muc/say/welcome.h"
#include "muc/state/occupant.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"

#define SENT_MAX 100  /* departures or sessions that are sent again in one step */
#define READ_MAX 1000 /* sessions that are read to find those */

/* ---- Collect first, then send: sending reads the store too ---- */

struct resend_item {
    int64_t cursor; /* where the cursor is after this one */
    char *room, *jid;
    struct rendered *stanza; /* of a departure; with whom it is for */
    enum journal_reader reader;
};

struct resend_list {
    struct service *service;
    int64_t until;   /* see struct resend */
    int64_t read_to; /* the last departure or session that was read */
    unsigned count;
    struct resend_item items[SENT_MAX];
};

static struct resend_item *list_add(struct resend_list *list, int64_t cursor, struct span room,
                                    struct span jid)
{
    struct resend_item *item = &list->items[list->count++];
    *item = (struct resend_item){
        .cursor = cursor,
        .room = mem_copy(room.at, room.len),
        .jid = mem_copy(jid.at, jid.len),
    };
    return item;
}

static void list_free(struct resend_list *list)
{
    for (unsigned i = 0; i < list->count; i++) {
        free(list->items[i].room);
        free(list->items[i].jid);
        rendered_unref(list->items[i].stanza);
    }
}

static bool is_of_room(const struct stored_xml *stanza, struct span room, const char *domain)
{
    struct buf address = BUF_INIT;
    buf_add_span(&address, room);
    buf_printf(&address, "@%s", domain);
    bool is = stored_xml_has_sender(stanza, buf_span(&address));
    buf_free(&address);
    return is;
}

/* Is the stanza still well-formed without the parts that only some may see? */
static bool is_sound_without(struct span stanza, const struct rendered_real *real, size_t count)
{
    struct buf text = BUF_INIT;
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        buf_add(&text, stanza.at + done, real[i].at - done);
        done = real[i].at + real[i].len;
    }
    buf_add(&text, stanza.at + done, stanza.len - done);
    bool sound = stored_xml_is_element(buf_span(&text), "presence");
    buf_free(&text);
    return sound;
}

/* A row that the disk has damaged is not sent again. */
static bool is_sound(const struct store_departure *row, const struct rendered_real *real,
                     const char *domain)
{
    bool is_addressed = row->to_at == RENDERED_NO_TO;
    size_t at = is_addressed ? 0 : row->to_at, count = row->real.len / sizeof *real;
    struct stored_xml stanza;
    if (!stored_xml_read(row->stanza, "presence", &stanza) ||
        !is_of_room(&stanza, row->room, domain) ||
        is_addressed != (row->audience == (int)JOURNAL_ITSELF) ||
        (is_addressed ? count > 0 || !stored_xml_attr_is(&stanza, "to", row->jid)
                      : !stored_xml_has_address(&stanza, at)))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (real[i].at < at || real[i].at > row->stanza.len ||
            real[i].len > row->stanza.len - real[i].at)
            return false;
        at = real[i].at + real[i].len;
    }
    return count == 0 || is_sound_without(row->stanza, real, count);
}

static void take_departure(void *user, const struct store_departure *row)
{
    struct rendered_real real[RENDERED_REAL_MAX];
    struct resend_list *list = user;
    list->read_to = row->change;
    if (row->real.len > sizeof real)
        return;
    if (row->real.len > 0)
        memcpy(real, row->real.at, row->real.len);
    if (!is_sound(row, real, list->service->settings.domain))
        return;
    struct resend_item *item = list_add(list, row->change, row->room, row->jid);
    item->reader = (enum journal_reader)row->audience;
    item->stanza =
        rendered_new(row->stanza, row->to_at, real, (uint32_t)(row->real.len / sizeof *real));
}

static bool may_be_lost(const struct resend_list *list, int64_t change)
{
    return change > list->service->journal.confirmed && change <= list->until;
}

static bool take_presence(void *user, const struct store_presence *row)
{
    struct resend_list *list = user;
    if (may_be_lost(list, row->joined) || may_be_lost(list, row->changed)) {
        if (list->count == SENT_MAX)
            return false;
        list_add(list, row->id, row->room, row->jid);
    }
    list->read_to = row->id;
    return true;
}

/* ---- Sending ---- */

/* Returns the room as it is now; NULL: it does not exist any more. */
static struct room *room_of(const struct resend_list *list, const struct resend_item *item)
{
    struct room *room = NULL;
    service_wrote(list->service, room_load(list->service, span_of(item->room), &room));
    return room;
}

/* Returns whether the session entered after the link was up again: then everybody knows. */
static bool entered_since(const struct resend_list *list, const struct session *session)
{
    return session && session->joined > list->until;
}

static void send_to_itself(const struct resend_list *list, const struct resend_item *item)
{
    const struct room *room = room_of(list, item);
    if (room && entered_since(list, session_find(room, span_of(item->jid))))
        return;
    struct outbox *outbox = list->service->outbox;
    struct lane *lane = outbox_lane(outbox, span_of(item->room));
    outbox_send(outbox, lane, rendered_ref(item->stanza));
    lane_unref(lane);
}

/* Returns the occupant who has that nick now; NULL: none. */
static const struct occupant *successor_of(const struct room *room, const struct resend_item *item)
{
    struct buf *nick = &room->service->scratch;
    struct stored_xml stanza;
    if (!stored_xml_open((struct span){item->stanza->bytes, item->stanza->len}, &stanza))
        return NULL;
    stored_xml_sender_resource(&stanza, room_address(room), nick);
    return occupant_find(room, buf_span(nick));
}

/* If the user is inside again under another nick, that occupant's other sessions are told too. */
static void send_to_other_sessions(const struct room *room, const struct resend_item *item)
{
    const struct session *self = session_find(room, span_of(item->jid)), *session;
    if (!self || item->reader == JOURNAL_OTHERS)
        return;
    for (session = self->occupant->sessions; session; session = session->next) {
        if (session != self)
            deliver_to_session(session, item->stanza);
    }
}

/* A departure is skipped if somebody entered under that nick since and is visible: that presence
 * has replaced it. It is never sent to the occupant who has the nick now, nor to the user who left
 * and is inside under another nick. */
static void send_to_room(const struct resend_list *list, const struct resend_item *item)
{
    struct room *room = room_of(list, item);
    if (!room)
        return;
    const struct occupant *successor = successor_of(room, item), *except = successor;
    const struct session *self = session_find(room, span_of(item->jid));
    if (successor && successor->presence && entered_since(list, successor->sessions))
        return;
    if (!except && self)
        except = self->occupant;
    outbox_fan(list->service->outbox, room->audience, rendered_ref(item->stanza),
               except ? except->number : 0);
    send_to_other_sessions(room, item);
    /* The departure hides a successor who had been inside under another nick; a later newcomer is
     * sent with the presences anyway. */
    if (successor && successor->sessions->joined <= list->service->journal.confirmed)
        presence_repeat(successor);
}

static void send_departure(const struct resend_list *list, const struct resend_item *item)
{
    if (item->reader == JOURNAL_ITSELF)
        send_to_itself(list, item);
    else
        send_to_room(list, item);
}

static bool is_creator(const struct occupant *occupant)
{
    return strcmp(occupant_bare(occupant), occupant->room->creator) == 0;
}

/* Sends the session what a newcomer gets, except the history: the client may have lost its
 * connection meanwhile, and may be waiting for the answer to a join that was lost as well. */
static void send_presence(const struct resend_list *list, const struct resend_item *item)
{
    struct room *room = room_of(list, item);
    const struct session *session = room ? session_find(room, span_of(item->jid)) : NULL;
    if (!session)
        return;
    const struct occupant *occupant = session->occupant;
    if (session == occupant->sessions)
        presence_repeat(occupant);
    welcome_send(session,
                 &(struct welcome){.created = room_is_locked(room) && is_creator(occupant)});
}

typedef void send_item(const struct resend_list *list, const struct resend_item *item);

/* Sends as much of the list as the outbox has room for. */
static void send_all(struct resend *resend, const struct resend_list *list, send_item *send)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (outbox_is_full(list->service->outbox))
            return;
        send(list, &list->items[i]);
        resend->cursor = list->items[i].cursor;
    }
    resend->cursor = list->read_to;
}

bool resend_departures(struct service *service, struct resend *resend)
{
    struct resend_list list = {.service = service, .until = resend->until};
    enum store_result result = store_departures(service->store, resend->cursor, resend->until,
                                                SENT_MAX, take_departure, &list);
    service_wrote(service, result);
    if (result == STORE_OK)
        send_all(resend, &list, send_departure);
    list_free(&list);
    return result != STORE_NOTHING;
}

bool resend_presences(struct service *service, struct resend *resend)
{
    struct resend_list list = {.service = service, .until = resend->until};
    enum store_result result =
        store_presences(service->store, resend->cursor, READ_MAX, take_presence, &list);
    service_wrote(service, result);
    if (result == STORE_OK)
        send_all(resend, &list, send_presence);
    list_free(&list);
    return result != STORE_NOTHING;
}
