#include "tell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "coven/log.h"
#include "coven/mem.h"
#include "coven/sound.h"
#include "muc/say/deliver.h"
#include "muc/say/presence.h"
#include "muc/say/welcome.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"

#define TOLD_MAX   100  /* departures or sessions that are told of in one turn */
#define LOOKED_MAX 1000 /* sessions that are looked at for that */

#define CHANGE_MAX (INT64_MAX / 2) /* a larger one that is stored was damaged */

void tell_init(struct service *service)
{
    struct telling *telling = &service->telling;
    int64_t last = 0, confirmed = 0;
    service_wrote(service, store_changes(service->store, &last, &confirmed));
    telling->last = last < 0 ? 0 : last < CHANGE_MAX ? last : CHANGE_MAX;
    telling->now.confirmed = confirmed < telling->last ? confirmed : telling->last;
    telling->kept = telling->now;
    telling->settled = telling->last;
}

int64_t tell_next_change(struct service *service)
{
    return ++service->telling.last;
}

void tell_settle(struct service *service, bool kept)
{
    struct telling *telling = &service->telling;
    telling->settled = telling->last;
    if (kept)
        telling->kept = telling->now;
    else
        telling->now = telling->kept;
}

/* ---- What is kept of those who go ---- */

/* The ranges of a stanza are kept as they are in memory: a store is not carried to other machines.
 */
static struct span real_bytes(const struct rendered *stanza)
{
    return (struct span){(const char *)stanza->real, stanza->real_count * sizeof *stanza->real};
}

void tell_keep(const struct session *session, enum tell_audience audience,
               const struct rendered *stanza)
{
    const struct room *room = session->occupant->room;
    struct service *service = room->service;
    int64_t change = tell_next_change(service);
    int64_t surplus = change - service->settings.limits.departures;
    struct store_departure row = {
        .change = change,
        .room = room_node(room),
        .jid = session_jid(session),
        .audience = (int)audience,
        .stanza = {stanza->bytes, stanza->len},
        .to_at = stanza->to_at,
        .real = real_bytes(stanza),
    };
    service_wrote(service, store_departure_add(service->store, &row));
    if (surplus > service->telling.now.confirmed)
        service_wrote(service, store_departures_trim(service->store, surplus));
}

/* ---- What the server has ---- */

int64_t service_unconfirmed(const struct service *service)
{
    const struct telling *telling = &service->telling;
    return telling->settled > telling->now.confirmed ? telling->settled : 0;
}

void service_confirm(struct service *service, int64_t change)
{
    service->telling.now.confirmed = change;
    service_wrote(service, store_changes_confirm(service->store, change));
}

/* ---- Lists that are read before anything is told, for that reads the store as well ---- */

struct news {
    int64_t cursor; /* told up to here, when this one was told */
    char *room, *jid;
    struct rendered *stanza; /* a departure's, and whom it was for */
    enum tell_audience audience;
};

struct news_list {
    const char *domain; /* of the service */
    int64_t confirmed, until;
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

/* Does it come from the room that the row is of? */
static bool is_of_room(const struct store_departure *row, const char *domain)
{
    struct buf address = BUF_INIT;
    buf_add_span(&address, row->room);
    buf_printf(&address, "@%s", domain);
    bool is = sound_sender(row->stanza, buf_span(&address));
    buf_free(&address);
    return is;
}

/* Does it go to the session that the row is of? */
static bool is_to_itself(const struct store_departure *row)
{
    struct buf to = BUF_INIT;
    const char *end = memchr(row->stanza.at, '>', row->stanza.len);
    buf_add_text(&to, " to='");
    xml_escape_attr(&to, row->jid);
    buf_add_char(&to, '\'');
    bool is = end && memmem(row->stanza.at, (size_t)(end - row->stanza.at), to.data, to.len);
    buf_free(&to);
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
    bool sound = sound_element(buf_span(&text), "presence");
    buf_free(&text);
    return sound;
}

/* What a disk damaged is not told again. */
static bool is_sound(const struct store_departure *row, const struct rendered_real *real,
                     const char *domain)
{
    bool is_addressed = row->to_at == RENDERED_NO_TO;
    size_t at = is_addressed ? 0 : row->to_at, count = row->real.len / sizeof *real;
    if (!sound_element(row->stanza, "presence") || !is_of_room(row, domain) ||
        is_addressed != (row->audience == (int)TELL_ITSELF) ||
        (is_addressed ? count > 0 || !is_to_itself(row) : !sound_address(row->stanza, at)))
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
    if (!is_sound(row, real, news->domain))
        return;
    struct news *item = news_add(news, row->change, row->room, row->jid);
    item->audience = (enum tell_audience)row->audience;
    item->stanza =
        rendered_new(row->stanza, row->to_at, real, (uint32_t)(row->real.len / sizeof *real));
}

static bool was_lost(const struct news_list *news, int64_t change)
{
    return change > news->confirmed && change <= news->until;
}

static bool take_standing(void *user, const struct store_standing *row)
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
static struct room *room_of(struct service *service, const struct news *item)
{
    struct room *room = NULL;
    service_wrote(service, room_find(service, span_of(item->room), &room));
    return room;
}

/* Did it come in since the link is up again? Then it and all others have heard so. */
static bool is_new(const struct service *service, const struct session *session)
{
    return session && session->joined > service->telling.now.until;
}

static void tell_itself(struct service *service, const struct news *item)
{
    const struct room *room = room_of(service, item);
    if (room && is_new(service, session_find(room, span_of(item->jid))))
        return;
    struct lane *lane = outbox_lane(service->outbox, span_of(item->room));
    outbox_send(service->outbox, lane, rendered_ref(item->stanza));
    lane_unref(lane);
}

/* Whoever is under the nick now that was left; NULL: nobody. */
static const struct occupant *successor_of(const struct room *room, const struct news *item)
{
    struct buf *nick = &room->service->scratch;
    struct span stanza = {item->stanza->bytes, item->stanza->len};
    sound_sender_resource(stanza, room_address(room), nick);
    return occupant_find(room, buf_span(nick));
}

/* Others of the user's sessions may be inside, under another nick. */
static void tell_others_of_it(const struct room *room, const struct news *item)
{
    const struct session *self = session_find(room, span_of(item->jid)), *session;
    if (!self || item->audience == TELL_OTHERS)
        return;
    for (session = self->occupant->sessions; session; session = session->next) {
        if (session != self)
            deliver_to_session(session, item->stanza);
    }
}

/* Whoever has come in under that nick since, and is seen, stands for it. Nobody is to lose sight of
 * who had it otherwise, nor is he himself to hear that he is gone. */
static void tell_room(struct service *service, const struct news *item)
{
    struct room *room = room_of(service, item);
    if (!room)
        return;
    const struct occupant *successor = successor_of(room, item), *except = successor;
    const struct session *self = session_find(room, span_of(item->jid));
    if (successor && successor->presence && is_new(service, successor->sessions))
        return;
    if (!except && self)
        except = self->occupant;
    outbox_fan(service->outbox, room->audience, rendered_ref(item->stanza),
               except ? except->number : 0);
    tell_others_of_it(room, item);
    /* It may have taken the nick just now; if it came in later it will be told of anyway. */
    if (successor && successor->sessions->joined <= service->telling.now.confirmed)
        presence_repeat(successor);
}

static void tell_departure(struct service *service, const struct news *item)
{
    if (item->audience == TELL_ITSELF)
        tell_itself(service, item);
    else
        tell_room(service, item);
}

static bool is_creator(const struct occupant *occupant)
{
    return strcmp(occupant_bare(occupant), occupant->room->creator) == 0;
}

/* The session gets what newcomers get but for the messages: its client may have lost its connection
 * meanwhile, and wait for the answer to a join that got lost as well. */
static void tell_standing(struct service *service, const struct news *item)
{
    struct room *room = room_of(service, item);
    const struct session *session = room ? session_find(room, span_of(item->jid)) : NULL;
    if (!session)
        return;
    const struct occupant *occupant = session->occupant;
    if (session == occupant->sessions)
        presence_repeat(occupant);
    welcome_send(session, &(struct welcome){.created = room->locked && is_creator(occupant)});
}

typedef void tell_item(struct service *service, const struct news *item);

/* Tells as much of the list as there is room for in the outbox; true: all of it. */
static bool tell_all(struct service *service, const struct news_list *news, tell_item *tell)
{
    for (unsigned i = 0; i < news->count; i++) {
        if (outbox_is_full(service->outbox))
            return false;
        tell(service, &news->list[i]);
        service->telling.now.cursor = news->list[i].cursor;
    }
    return true;
}

/* ---- Steps ---- */

static void next_stage(struct service *service, enum tell_stage stage)
{
    service->telling.now.stage = stage;
    service->telling.now.cursor = 0;
}

static void tell_departures(struct service *service)
{
    struct tell_state *now = &service->telling.now;
    struct news_list news = {.domain = service->settings.domain};
    enum store_result result =
        store_departures(service->store, now->cursor, now->until, TOLD_MAX, take_departure, &news);
    service_wrote(service, result);
    if (result == STORE_NOTHING)
        next_stage(service, TELL_STANDINGS);
    else if (result == STORE_OK && tell_all(service, &news, tell_departure))
        now->cursor = news.looked_at;
    news_free(&news);
}

static void tell_standings(struct service *service)
{
    struct tell_state *now = &service->telling.now;
    struct news_list news = {.confirmed = now->confirmed, .until = now->until};
    enum store_result result =
        store_standings(service->store, now->cursor, LOOKED_MAX, take_standing, &news);
    service_wrote(service, result);
    if (result == STORE_NOTHING)
        next_stage(service, TELL_NOTHING);
    else if (result == STORE_OK && tell_all(service, &news, tell_standing))
        now->cursor = news.looked_at;
    news_free(&news);
}

static void end_wait(struct service *service)
{
    struct telling *telling = &service->telling;
    if (!heal_is_through(service))
        return;
    log_info("sending again up to %" PRId64 " changes of presence that the server may have missed",
             telling->now.until - telling->now.confirmed);
    next_stage(service, TELL_DEPARTURES);
    telling->now.cursor = telling->now.confirmed;
}

void tell_begin(struct service *service)
{
    struct telling *telling = &service->telling;
    bool needed = telling->settled > telling->now.confirmed;
    telling->now.stage = needed ? TELL_LATER : TELL_NOTHING;
    telling->now.until = telling->settled;
    telling->kept = telling->now; /* this is no part of the turn that may be dropped */
}

bool service_is_telling(const struct service *service)
{
    return service->telling.now.stage != TELL_NOTHING;
}

typedef void tell_step(struct service *service);

void service_tell(struct service *service)
{
    static tell_step *const steps[] = {
        [TELL_LATER] = end_wait,
        [TELL_DEPARTURES] = tell_departures,
        [TELL_STANDINGS] = tell_standings,
    };
    if (service_is_telling(service) && !outbox_is_full(service->outbox))
        steps[service->telling.now.stage](service);
}
