#include "retell.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "coven/stored_xml.h"
#include "muc/say/deliver.h"
#include "muc/say/presence.h"
#include "muc/say/welcome.h"
#include "muc/state/journal.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/session.h"

#define TOLD_MAX   100  /* departures or sessions that are told of in one step */
#define LOOKED_MAX 1000 /* sessions that are looked at for that */

/* ---- Collect first, then send: sending reads the store too ---- */

struct news {
    int64_t cursor; /* told up to here, when this one was told */
    char *room, *jid;
    struct rendered *stanza; /* a departure's, and whom it was for */
    enum journal_reader reader;
};

struct news_list {
    struct service *service;
    int64_t until;     /* changes up to this one may be missing */
    int64_t looked_at; /* the last departure or session that was */
    unsigned count;
    struct news list[TOLD_MAX];
};

static struct news *news_add(struct news_list *news, int64_t cursor, struct span room,
                             struct span jid)
{
    struct news *item = &news->list[news->count++];
    *item = (struct news){
        .cursor = cursor,
        .room = mem_copy(room.at, room.len),
        .jid = mem_copy(jid.at, jid.len),
    };
    return item;
}

static void news_free(struct news_list *news)
{
    for (unsigned i = 0; i < news->count; i++) {
        free(news->list[i].room);
        free(news->list[i].jid);
        rendered_unref(news->list[i].stanza);
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

/* Is the stanza still one without what only some may see? */
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

/* What a disk damaged is not told again. */
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
    struct news_list *news = user;
    news->looked_at = row->change;
    if (row->real.len > sizeof real)
        return;
    if (row->real.len > 0)
        memcpy(real, row->real.at, row->real.len);
    if (!is_sound(row, real, news->service->settings.domain))
        return;
    struct news *item = news_add(news, row->change, row->room, row->jid);
    item->reader = (enum journal_reader)row->audience;
    item->stanza =
        rendered_new(row->stanza, row->to_at, real, (uint32_t)(row->real.len / sizeof *real));
}

static bool was_lost(const struct news_list *news, int64_t change)
{
    return change > news->service->journal.confirmed && change <= news->until;
}

static bool take_standing(void *user, const struct store_presence *row)
{
    struct news_list *news = user;
    if (was_lost(news, row->joined) || was_lost(news, row->changed)) {
        if (news->count == TOLD_MAX)
            return false;
        news_add(news, row->id, row->room, row->jid);
    }
    news->looked_at = row->id;
    return true;
}

/* ---- Telling ---- */

/* The room as it is now; NULL: there is none any more. */
static struct room *room_of(const struct news_list *news, const struct news *item)
{
    struct room *room = NULL;
    service_wrote(news->service, room_load(news->service, span_of(item->room), &room));
    return room;
}

/* Did it come in since the link is up again? Then it and all others have heard so. */
static bool is_new(const struct news_list *news, const struct session *session)
{
    return session && session->joined > news->until;
}

static void tell_itself(const struct news_list *news, const struct news *item)
{
    const struct room *room = room_of(news, item);
    if (room && is_new(news, session_find(room, span_of(item->jid))))
        return;
    struct outbox *outbox = news->service->outbox;
    struct lane *lane = outbox_lane(outbox, span_of(item->room));
    outbox_send(outbox, lane, rendered_ref(item->stanza));
    lane_unref(lane);
}

/* Whoever is under the nick now that was left; NULL: nobody. */
static const struct occupant *successor_of(const struct room *room, const struct news *item)
{
    struct buf *nick = &room->service->scratch;
    struct stored_xml stanza;
    if (!stored_xml_open((struct span){item->stanza->bytes, item->stanza->len}, &stanza))
        return NULL;
    stored_xml_sender_resource(&stanza, room_address(room), nick);
    return occupant_find(room, buf_span(nick));
}

/* Others of the user's sessions may be inside, under another nick. */
static void tell_others_of_it(const struct room *room, const struct news *item)
{
    const struct session *self = session_find(room, span_of(item->jid)), *session;
    if (!self || item->reader == JOURNAL_OTHERS)
        return;
    for (session = self->occupant->sessions; session; session = session->next) {
        if (session != self)
            deliver_to_session(session, item->stanza);
    }
}

/* Whoever has come in under that nick since, and is seen, stands for it. Nobody is to lose sight of
 * who had it otherwise, nor is he himself to hear that he is gone. */
static void tell_room(const struct news_list *news, const struct news *item)
{
    struct room *room = room_of(news, item);
    if (!room)
        return;
    const struct occupant *successor = successor_of(room, item), *except = successor;
    const struct session *self = session_find(room, span_of(item->jid));
    if (successor && successor->presence && is_new(news, successor->sessions))
        return;
    if (!except && self)
        except = self->occupant;
    outbox_fan(news->service->outbox, room->audience, rendered_ref(item->stanza),
               except ? except->number : 0);
    tell_others_of_it(room, item);
    /* It may have taken the nick just now; if it came in later it will be told of anyway. */
    if (successor && successor->sessions->joined <= news->service->journal.confirmed)
        presence_repeat(successor);
}

static void tell_departure(const struct news_list *news, const struct news *item)
{
    if (item->reader == JOURNAL_ITSELF)
        tell_itself(news, item);
    else
        tell_room(news, item);
}

static bool is_creator(const struct occupant *occupant)
{
    return strcmp(occupant_bare(occupant), occupant->room->creator) == 0;
}

/* The session gets what newcomers get but for the messages: its client may have lost its connection
 * meanwhile, and wait for the answer to a join that got lost as well. */
static void tell_standing(const struct news_list *news, const struct news *item)
{
    struct room *room = room_of(news, item);
    const struct session *session = room ? session_find(room, span_of(item->jid)) : NULL;
    if (!session)
        return;
    const struct occupant *occupant = session->occupant;
    if (session == occupant->sessions)
        presence_repeat(occupant);
    welcome_send(session,
                 &(struct welcome){.created = room_is_locked(room) && is_creator(occupant)});
}

typedef void tell_item(const struct news_list *news, const struct news *item);

/* Tells as much of the list as the outbox has room for. */
static void tell_all(struct retell *retell, const struct news_list *news, tell_item *tell)
{
    for (unsigned i = 0; i < news->count; i++) {
        if (outbox_is_full(news->service->outbox))
            return;
        tell(news, &news->list[i]);
        retell->cursor = news->list[i].cursor;
    }
    retell->cursor = news->looked_at;
}

bool retell_departures(struct service *service, struct retell *retell)
{
    struct news_list news = {.service = service, .until = retell->until};
    enum store_result result = store_departures(service->store, retell->cursor, retell->until,
                                                TOLD_MAX, take_departure, &news);
    service_wrote(service, result);
    if (result == STORE_OK)
        tell_all(retell, &news, tell_departure);
    news_free(&news);
    return result != STORE_NOTHING;
}

bool retell_standings(struct service *service, struct retell *retell)
{
    struct news_list news = {.service = service, .until = retell->until};
    enum store_result result =
        store_presences(service->store, retell->cursor, LOOKED_MAX, take_standing, &news);
    service_wrote(service, result);
    if (result == STORE_OK)
        tell_all(retell, &news, tell_standing);
    news_free(&news);
    return result != STORE_NOTHING;
}
