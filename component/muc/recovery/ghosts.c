#include "ghosts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <utlist.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/string_list.h"
#include "coven/xml.h"
#include "muc/do/leave.h"
#include "muc/do/room_end.h"
#include "muc/say/presence.h"
#include "muc/state/occupant.h"
#include "muc/state/request.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"

#define QUIET_MS    100  /* without a new ghost: the set is complete */
#define GATHER_MS   1000 /* maximum time from the first ghost to the removal */
#define REMOVED_MAX 100  /* in one turn: a few milliseconds */

struct ghost_room {
    struct table_link link; /* in `rooms`, by name */
    struct ghost_room *prev, *next;
    struct ghost *ghosts;
    char *name;
};

/* Holds names instead of pointers: before the removal the session may leave, and the room may be
 * unloaded. */
struct ghost {
    struct table_link link; /* in `ghosts`, by key */
    struct ghost *prev, *next;
    struct ghost_room *room;
    char *key;
    char *jid;
    int64_t joined; /* number of the change with which the session entered */
    char *status;   /* rendered */
    bool notify;
    bool done; /* finished in this turn */
};

/* ---- Ghosts ---- */

static bool has_name(const struct table_link *link, struct span name)
{
    return span_is(name, TABLE_ITEM(link, const struct ghost_room, link)->name);
}

static struct ghost_room *find_room(struct service *service, struct span name)
{
    struct ghosts *ghosts = service->ghosts;
    unsigned hash = hash_span(&service->seed, name);
    struct table_link *link = table_find(&ghosts->rooms, hash, has_name, name);
    if (link)
        return TABLE_ITEM(link, struct ghost_room, link);
    struct ghost_room *room = mem_new(sizeof *room);
    room->name = mem_copy(name.at, name.len);
    table_add(&ghosts->rooms, &room->link, hash);
    DL_APPEND(ghosts->waiting, room);
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
    return span_is(key, TABLE_ITEM(link, const struct ghost, link)->key);
}

static struct ghost *find(struct service *service, const struct session *session)
{
    struct span key = key_of(session);
    struct table_link *link =
        table_find(&service->ghosts->by_key, hash_span(&service->seed, key), has_key, key);
    struct ghost *ghost = link ? TABLE_ITEM(link, struct ghost, link) : NULL;
    return ghost && !ghost->done ? ghost : NULL;
}

static char *status_of(struct span why)
{
    struct buf status = BUF_INIT;
    struct xml xml = xml_to(&status);
    xml_element(&xml, "status", NS_CLIENT, why);
    return buf_take(&status);
}

void ghosts_add(const struct session *session, struct span why, bool notify)
{
    const struct room *room = session->occupant->room;
    struct service *service = room->service;
    struct ghosts *ghosts = service->ghosts;
    if (find(service, session))
        return;
    struct ghost *ghost = mem_new(sizeof *ghost);
    struct span key = key_of(session);
    ghost->key = mem_copy(key.at, key.len);
    table_add(&ghosts->by_key, &ghost->link, hash_span(&service->seed, key));
    ghost->room = find_room(service, room_node(room));
    ghost->jid = mem_copy(session_jid(session).at, session_jid(session).len);
    ghost->status = status_of(why);
    ghost->joined = session->joined;
    ghost->notify = notify;
    DL_APPEND(ghost->room->ghosts, ghost);
    ghosts->last_ms = service->mono_ms;
    if (ghosts->by_key.count == 1)
        ghosts->first_ms = service->mono_ms;
}

void ghosts_add_everywhere(struct service *service, struct span jid, struct span why)
{
    struct string_list names = {NULL, 0};
    service_wrote(service, store_session_rooms(service->store, jid, string_list_take, &names));
    for (unsigned i = 0; i < names.count; i++) {
        struct room *room = NULL;
        const struct session *session = NULL;
        if (room_load(service, span_of(names.list[i]), &room) == STORE_OK)
            session = session_find(room, jid);
        if (session)
            ghosts_add(session, why, false);
    }
    string_list_free(&names);
}

static void ghost_free(struct service *service, struct ghost *ghost)
{
    struct ghosts *ghosts = service->ghosts;
    struct ghost_room *room = ghost->room;
    table_remove(&ghosts->by_key, &ghost->link);
    DL_DELETE(room->ghosts, ghost);
    free(ghost->key);
    free(ghost->jid);
    free(ghost->status);
    free(ghost);
    if (room->ghosts)
        return;
    table_remove(&ghosts->rooms, &room->link);
    DL_DELETE(ghosts->waiting, room);
    free(room->name);
    free(room);
}

void ghosts_free(struct service *service)
{
    while (service->ghosts->waiting)
        ghost_free(service, service->ghosts->waiting->ghosts);
    free(service->ghosts);
}

/* Marks the ghost as done: the end of the turn removes it, if the turn is committed. */
static void finish(struct service *service, struct ghost *ghost)
{
    ghost->done = true;
    service->ghosts->done++;
}

static void settle_room(struct service *service, struct ghost_room *room, bool committed)
{
    struct ghost *ghost = room->ghosts, *next;
    for (; ghost; ghost = next) {
        next = ghost->next;
        if (ghost->done && committed)
            ghost_free(service, ghost);
        else
            ghost->done = false;
    }
}

void ghosts_settle(struct service *service, bool committed)
{
    struct ghosts *ghosts = service->ghosts;
    struct ghost_room *room = ghosts->done > 0 ? ghosts->waiting : NULL, *next;
    if (ghosts->done > 0 && !committed)
        ghosts->first_ms = ghosts->last_ms = service->mono_ms; /* to be tried again later */
    ghosts->done = 0;
    for (; room; room = next) {
        next = room->next;
        settle_room(service, room, committed);
    }
}

/* ---- Removing them ---- */

static void say_farewell(const struct session *session, const struct ghost *ghost)
{
    struct presence_event event = presence_event_gone(session->occupant);
    presence_event_code(&event, 333);
    event.payload = span_of(ghost->status);
    leave_farewell(session, &event, ghost->notify);
}

/* Removes all of the occupant's dead sessions together, so that nobody sees one of them take the
 * place of another. Returns true if that was the whole occupant, which is freed. */
static bool remove_sessions(struct occupant *occupant)
{
    struct service *service = occupant->room->service;
    struct session *session = occupant->sessions, *next;
    for (bool last; session; session = next) {
        struct ghost *ghost = find(service, session);
        next = session->next;
        if (!ghost)
            continue;
        last = occupant->session_count == 1;
        say_farewell(session, ghost);
        finish(service, ghost);
        session_leave(session);
        if (last)
            return true;
    }
    return false;
}

static void remove_ghosts(struct occupant *occupant)
{
    struct room *room = occupant->room;
    struct rendered *before = rendered_ref(occupant->presence);
    if (remove_sessions(occupant))
        room_end_lost(room);
    else
        leave_show_rest(occupant, before);
    rendered_unref(before);
}

static struct session *session_of(const struct room *room, const struct ghost *ghost)
{
    struct session *session = room ? session_find(room, span_of(ghost->jid)) : NULL;
    return session && session->joined == ghost->joined ? session : NULL;
}

/* Nothing for the whole room reaches the dead any more. */
static void mute_all(const struct ghost_room *dead, struct room *room)
{
    if (room)
        room_touch(room);
    for (const struct ghost *ghost = dead->ghosts; ghost; ghost = ghost->next) {
        struct session *session = session_of(room, ghost);
        if (session)
            session_mute(session);
    }
}

/* Takes the room that has waited longest. */
static void remove_in_next_room(struct service *service)
{
    struct ghosts *ghosts = service->ghosts;
    struct ghost_room *dead = ghosts->waiting;
    struct room *room = NULL;
    enum store_result result = room_load(service, span_of(dead->name), &room);
    service_wrote(service, result);
    if (result == STORE_FAILED) {
        ghosts->first_ms = ghosts->last_ms = service->mono_ms; /* to be tried again later */
        return;
    }
    mute_all(dead, room);
    unsigned left = REMOVED_MAX;
    for (struct ghost *ghost = dead->ghosts; ghost && left > 0; ghost = ghost->next) {
        struct session *session = session_of(room, ghost);
        if (ghost->done)
            continue;
        if (session)
            remove_ghosts(session->occupant);
        else
            finish(service, ghost);
        left--;
    }
}

int64_t ghosts_due_in(const struct service *service)
{
    const struct ghosts *ghosts = service->ghosts;
    int64_t quiet = ghosts->last_ms + QUIET_MS, late = ghosts->first_ms + GATHER_MS;
    int64_t due = (quiet < late ? quiet : late) - service->mono_ms;
    return ghosts->by_key.count == 0 ? -1 : due > 0 ? due : 0;
}

void ghosts_step(struct service *service)
{
    if (ghosts_due_in(service) == 0)
        remove_in_next_room(service);
}

void ghosts_note_alive(struct request *request)
{
    struct service *service = request->service;
    bool waits = service->ghosts->waiting && request->session;
    struct ghost *ghost = waits ? find(service, request->session) : NULL;
    if (!ghost)
        return;
    if (!session_is_muted(request->session)) {
        finish(service, ghost);
        return;
    }
    remove_ghosts(request->session->occupant);
    request->session = NULL;
    if (room_is_gone(request->room))
        request->room = NULL;
}
