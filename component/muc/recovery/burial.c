#include "burial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/string_list.h"
#include "coven/xml.h"
#include "muc/do/leave.h"
#include "muc/do/reap.h"
#include "muc/say/presence.h"
#include "muc/state/occupant.h"
#include "muc/state/request.h"
#include "muc/state/room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/session.h"

#define QUIET_MS   100  /* without a new grave: the set is complete */
#define GATHER_MS  1000 /* maximum time from the first grave to the burial */
#define BURIED_MAX 100  /* in one turn: a few milliseconds */

struct burial_room {
    struct table_link link; /* in `rooms`, by name */
    struct burial_room *prev, *next;
    struct grave *graves;
    char *name;
};

/* Holds names instead of pointers: before the burial the session may leave, and the room may be
 * unloaded. */
struct grave {
    struct table_link link; /* in `graves`, by key */
    struct grave *prev, *next;
    struct burial_room *room;
    char *key;
    char *jid;
    int64_t joined; /* number of the change with which the session entered */
    char *status;   /* rendered */
    bool notify;
    bool done; /* finished in this turn */
};

/* ---- Graves ---- */

static bool has_name(const struct table_link *link, struct span name)
{
    return span_is(name, TABLE_ITEM(link, const struct burial_room, link)->name);
}

static struct burial_room *find_room(struct service *service, struct span name)
{
    struct burial *burial = service->burial;
    unsigned hash = hash_span(&service->seed, name);
    struct table_link *link = table_find(&burial->rooms, hash, has_name, name);
    if (link)
        return TABLE_ITEM(link, struct burial_room, link);
    struct burial_room *room = mem_new(sizeof *room);
    room->name = mem_copy(name.at, name.len);
    table_add(&burial->rooms, &room->link, hash);
    DL_APPEND(burial->waiting, room);
    return room;
}

/* The number of the entering change distinguishes the session from a later one of the same JID. */
static struct span key_of(const struct session *session)
{
    const struct room *room = session->occupant->room;
    struct buf *key = &room->service->scratch;
    buf_clear(key);
    buf_printf(key, "%" PRId64 "/", session->joined);
    buf_add_span(key, room_node(room));
    buf_add_char(key, '/');
    buf_add_span(key, session_jid(session));
    return buf_span(key);
}

static bool has_key(const struct table_link *link, struct span key)
{
    return span_is(key, TABLE_ITEM(link, const struct grave, link)->key);
}

static struct grave *find(struct service *service, const struct session *session)
{
    struct span key = key_of(session);
    struct table_link *link =
        table_find(&service->burial->graves, hash_span(&service->seed, key), has_key, key);
    struct grave *grave = link ? TABLE_ITEM(link, struct grave, link) : NULL;
    return grave && !grave->done ? grave : NULL;
}

static char *status_of(struct span why)
{
    struct buf status = BUF_INIT;
    struct xml xml = xml_to(&status);
    xml_element(&xml, "status", NS_CLIENT, why);
    return buf_take(&status);
}

void burial_add(const struct session *session, struct span why, bool notify)
{
    const struct room *room = session->occupant->room;
    struct service *service = room->service;
    struct burial *burial = service->burial;
    if (find(service, session))
        return;
    struct grave *grave = mem_new(sizeof *grave);
    struct span key = key_of(session);
    grave->key = mem_copy(key.at, key.len);
    table_add(&burial->graves, &grave->link, hash_span(&service->seed, key));
    grave->room = find_room(service, room_node(room));
    grave->jid = mem_copy(session_jid(session).at, session_jid(session).len);
    grave->status = status_of(why);
    grave->joined = session->joined;
    grave->notify = notify;
    DL_APPEND(grave->room->graves, grave);
    burial->last_ms = service->mono_ms;
    if (burial->graves.count == 1)
        burial->first_ms = service->mono_ms;
}

void burial_add_everywhere(struct service *service, struct span jid, struct span why)
{
    struct string_list names = {NULL, 0};
    service_wrote(service, store_session_rooms(service->store, jid, string_list_take, &names));
    for (unsigned i = 0; i < names.count; i++) {
        struct room *room = NULL;
        const struct session *session = NULL;
        if (room_load(service, span_of(names.list[i]), &room) == STORE_OK)
            session = session_find(room, jid);
        if (session)
            burial_add(session, why, false);
    }
    string_list_free(&names);
}

static void grave_free(struct service *service, struct grave *grave)
{
    struct burial *burial = service->burial;
    struct burial_room *room = grave->room;
    table_remove(&burial->graves, &grave->link);
    DL_DELETE(room->graves, grave);
    free(grave->key);
    free(grave->jid);
    free(grave->status);
    free(grave);
    if (room->graves)
        return;
    table_remove(&burial->rooms, &room->link);
    DL_DELETE(burial->waiting, room);
    free(room->name);
    free(room);
}

void burial_free(struct service *service)
{
    while (service->burial->waiting)
        grave_free(service, service->burial->waiting->graves);
    free(service->burial);
}

/* The grave is taken out at the end of the turn, if that is kept. */
static void finish(struct service *service, struct grave *grave)
{
    grave->done = true;
    service->burial->done++;
}

static void settle_room(struct service *service, struct burial_room *room, bool committed)
{
    struct grave *grave = room->graves, *next;
    for (; grave; grave = next) {
        next = grave->next;
        if (grave->done && committed)
            grave_free(service, grave);
        else
            grave->done = false;
    }
}

void burial_settle(struct service *service, bool committed)
{
    struct burial *burial = service->burial;
    struct burial_room *room = burial->done > 0 ? burial->waiting : NULL, *next;
    if (burial->done > 0 && !committed)
        burial->first_ms = burial->last_ms = service->mono_ms; /* to be tried again later */
    burial->done = 0;
    for (; room; room = next) {
        next = room->next;
        settle_room(service, room, committed);
    }
}

/* ---- Burying ---- */

static void say_farewell(const struct session *session, const struct grave *grave)
{
    struct presence_event event = presence_event_gone(session->occupant);
    presence_event_code(&event, 333);
    event.payload = span_of(grave->status);
    leave_farewell(session, &event, grave->notify);
}

/* Buries all of the occupant's dead sessions together, so that nobody sees one of them take the
 * place of another. Returns true if that was the whole occupant, which is freed. */
static bool bury_occupant(struct occupant *occupant)
{
    struct service *service = occupant->room->service;
    struct session *session = occupant->sessions, *next;
    for (bool last; session; session = next) {
        struct grave *grave = find(service, session);
        next = session->next;
        if (!grave)
            continue;
        last = occupant->session_count == 1;
        say_farewell(session, grave);
        finish(service, grave);
        session_leave(session);
        if (last)
            return true;
    }
    return false;
}

static void bury(struct occupant *occupant)
{
    struct room *room = occupant->room;
    struct rendered *before = rendered_ref(occupant->presence);
    if (bury_occupant(occupant))
        reap_lost(room);
    else
        leave_show_rest(occupant, before);
    rendered_unref(before);
}

static struct session *session_of(const struct room *room, const struct grave *grave)
{
    struct session *session = room ? session_find(room, span_of(grave->jid)) : NULL;
    return session && session->joined == grave->joined ? session : NULL;
}

/* Nothing for the whole room reaches the dead any more. */
static void mute_all(const struct burial_room *dead, struct room *room)
{
    if (room)
        room_touch(room);
    for (const struct grave *grave = dead->graves; grave; grave = grave->next) {
        struct session *session = session_of(room, grave);
        if (session)
            session_mute(session);
    }
}

/* Takes the room that has waited longest. */
static void bury_in_next_room(struct service *service)
{
    struct burial *burial = service->burial;
    struct burial_room *dead = burial->waiting;
    struct room *room = NULL;
    enum store_result result = room_load(service, span_of(dead->name), &room);
    service_wrote(service, result);
    if (result == STORE_FAILED) {
        burial->first_ms = burial->last_ms = service->mono_ms; /* to be tried again later */
        return;
    }
    mute_all(dead, room);
    unsigned left = BURIED_MAX;
    for (struct grave *grave = dead->graves; grave && left > 0; grave = grave->next) {
        struct session *session = session_of(room, grave);
        if (grave->done)
            continue;
        if (session)
            bury(session->occupant);
        else
            finish(service, grave);
        left--;
    }
}

int64_t burial_due_in(const struct service *service)
{
    const struct burial *burial = service->burial;
    int64_t quiet = burial->last_ms + QUIET_MS, late = burial->first_ms + GATHER_MS;
    int64_t due = (quiet < late ? quiet : late) - service->mono_ms;
    return burial->graves.count == 0 ? -1 : due > 0 ? due : 0;
}

void burial_step(struct service *service)
{
    if (burial_due_in(service) == 0)
        bury_in_next_room(service);
}

void burial_note_alive(struct request *request)
{
    struct service *service = request->service;
    bool waits = service->burial->waiting && request->session;
    struct grave *grave = waits ? find(service, request->session) : NULL;
    if (!grave)
        return;
    if (!session_is_muted(request->session)) {
        finish(service, grave);
        return;
    }
    bury(request->session->occupant);
    request->session = NULL;
    if (room_is_gone(request->room))
        request->room = NULL;
}
