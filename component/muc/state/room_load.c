#include "room_load.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "affiliation.h"
#include "avatar.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "coven/prep.h"
#include "coven/stored_xml.h"
#include "coven/text.h"
#include "readdress.h"
#include "service_state.h"
#include "session.h"

/* ---- Checks, because the disk may have damaged an address ---- */

static bool is_bare(struct span text)
{
    struct jid jid;
    return jid_parse(text, &jid) && span_equal(jid_bare(&jid), text);
}

typedef size_t prepare_part(struct span in, char *out);

static bool is_prepared(struct span text, prepare_part *prepare)
{
    char out[PREP_SIZE];
    size_t len = prepare(text, out);
    return len > 0 && span_equal((struct span){out, len}, text);
}

/* ---- Room ---- */

/* Takes the room's own row from store_room_get(). */
struct found {
    struct service *service;
    struct room *room;
    bool locked;
};

static bool is_subject(const struct room *room, const struct readdressed *subject)
{
    struct stored_xml stanza;
    return stored_xml_read(subject->stanza, "message", &stanza) &&
           stored_xml_has_address(&stanza, subject->to_at) &&
           stored_xml_has_sender(&stanza, room_address(room));
}

static void take_subject(struct room *room, const struct store_room *row)
{
    struct readdressed subject =
        readdress_stanza(row->subject, row->subject_to, room_address(room));
    if (is_subject(room, &subject))
        room->subject = rendered_new(subject.stanza, subject.to_at, NULL, 0);
    room->subject_time = row->subject_time;
    room->used = row->used;
    readdress_free(&subject);
}

static void take_room(void *user, const struct store_room *row)
{
    struct found *found = user;
    if (!is_prepared(row->name, prep_node))
        return;
    struct room *room = room_new(found->service, row->name, ROOM_LOADING);
    room->id = row->id;
    room->created = row->created > 0 ? row->created : 0;
    room->creator = mem_copy(row->creator.at, row->creator.len);
    room_set_salt(room, row->salt);
    take_subject(room, row);
    room->listed = row->listed;
    found->room = room;
    found->locked = row->locked;
}

/* A room of an earlier version has no row for registration if it follows the service's setting. */
static void assume_registration(struct room *room)
{
    if (room->service->settings.open_registration)
        room->config.registration = REGISTRATION_ANYONE;
}

static void take_option(void *user, const struct store_option *row)
{
    struct room *room = user;
    options_load(&room->config, row->var, row->value, &room->service->settings.limits);
    avatar_load(room, row);
}

/* ---- Affiliations and sessions, which can be many ---- */

#define STEP_ROWS 1000 /* rows read in one step: a few milliseconds */

enum stage { AFFILIATIONS, SESSIONS, COMPLETE };

/* A room that is partly in memory, and how far loading is. */
struct room_loading {
    struct room_loading *prev, *next; /* in the service's list */
    struct room *room;
    bool locked; /* in the row of the room */
    enum stage stage;
    char *after;  /* the JID of the last affiliation that was read */
    int64_t *ids; /* all sessions of the room, in the store */
    unsigned id_count, id_next;
    unsigned left; /* rows that may still be read in this step */
};

static void put_affiliation(struct room *room, const struct store_affiliation *row)
{
    struct affiliation_entry *entry = affiliation_put(room, row->jid);
    affiliation_assign(room, entry, affiliation_of(row->affiliation));
    affiliation_reserve(room, entry,
                        is_prepared(row->nick, prep_resource) ? row->nick : span_of(""));
    text_set(&entry->reason, row->reason);
}

static void take_affiliation(void *user, const struct store_affiliation *row)
{
    struct room_loading *loading = user;
    if (is_bare(row->jid))
        put_affiliation(loading->room, row);
    loading->left--;
    /* In a damaged store the order may be broken, so that loading would never end. */
    if (span_compare(row->jid, span_of(loading->after)) <= 0)
        return;
    free(loading->after);
    loading->after = mem_copy(row->jid.at, row->jid.len);
}

static void take_id(void *user, int64_t id)
{
    struct room_loading *loading = user;
    if ((loading->id_count & (loading->id_count - 1)) == 0) /* grows to the next power of two */
        loading->ids = mem_resize(loading->ids, (2 * loading->id_count + 1) * sizeof id);
    loading->ids[loading->id_count++] = id;
}

static void take_session(void *user, const struct store_session *row)
{
    if (is_prepared(row->nick, prep_resource))
        session_restore(user, row);
}

static enum store_result load_affiliations(struct room_loading *loading)
{
    struct store *store = loading->room->service->store;
    enum store_result result = store_affiliations(store, loading->room->id, span_of(loading->after),
                                                  loading->left, take_affiliation, loading);
    if (result == STORE_FAILED || loading->left == 0)
        return result;
    loading->stage = SESSIONS;
    return store_session_ids(store, loading->room->id, take_id, loading);
}

static enum store_result load_sessions(struct room_loading *loading)
{
    struct store *store = loading->room->service->store;
    enum store_result result = STORE_OK;
    for (; loading->id_next < loading->id_count && loading->left > 0; loading->left--) {
        int64_t id = loading->ids[loading->id_next++];
        if (result != STORE_FAILED)
            result = store_session_get(store, id, take_session, loading->room);
    }
    if (loading->id_next == loading->id_count)
        loading->stage = COMPLETE;
    return result;
}

void room_load_end(struct room *room)
{
    struct room_loading *loading = room->loading;
    if (!loading)
        return;
    room->loading = NULL;
    DL_DELETE(room->service->loading, loading);
    free(loading->after);
    free(loading->ids);
    free(loading);
}

/* 0 for a room that was created in the future: the clock was set back since. */
static int64_t age_of(const struct room *room)
{
    int64_t now = room->service->wall_ms;
    return now > room->created ? now - room->created : 0;
}

/* Ends loading. A temporary room without occupants lost them while covend was down. */
static void complete(struct room *room, bool locked)
{
    if (!locked && (room->occupants || room->config.persistent)) {
        room_set_state(room, ROOM_OPEN);
        return;
    }
    room_set_state(room, locked ? ROOM_LOCKED : ROOM_VACANT);
    if (locked)
        room->since_ms = room->service->mono_ms - age_of(room);
}

/* Takes one step. When it fails the room is unloaded, because a part of a room is of no use. */
static enum store_result load_step(struct room *room)
{
    static enum store_result (*const stages[])(struct room_loading *) = {
        [AFFILIATIONS] = load_affiliations, [SESSIONS] = load_sessions};
    struct room_loading *loading = room->loading;
    enum store_result result = STORE_OK;
    loading->left = STEP_ROWS;
    while (loading->left > 0 && loading->stage != COMPLETE && result != STORE_FAILED)
        result = stages[loading->stage](loading);
    if (result != STORE_FAILED && loading->stage != COMPLETE)
        return STORE_OK;
    bool locked = loading->locked;
    room_visit(room);
    room_load_end(room);
    if (result == STORE_FAILED)
        room_set_state(room, ROOM_GONE);
    else
        complete(room, locked);
    return result == STORE_FAILED ? result : STORE_OK;
}

void room_load_some(struct service *service)
{
    struct room_loading *loading = service->loading;
    if (!loading)
        return;
    DL_DELETE(service->loading, loading);
    DL_APPEND(service->loading, loading);
    load_step(loading->room);
}

static void load_begin(struct room *room, bool locked)
{
    struct room_loading *loading = mem_new(sizeof *loading);
    loading->room = room;
    loading->locked = locked;
    loading->after = mem_string("");
    room->loading = loading;
    DL_APPEND(room->service->loading, loading);
}

/* Loads the room, or the first step of a large one. */
static enum store_result load(struct service *service, struct span node, struct room **room_r)
{
    struct found found = {.service = service};
    enum store_result result = store_room_get(service->store, node, take_room, &found);
    struct room *room = found.room;
    if (!room)
        return result == STORE_FAILED ? result : STORE_NOTHING;
    assume_registration(room);
    if (store_options(service->store, room->id, take_option, room) == STORE_FAILED) {
        room_set_state(room, ROOM_GONE);
        return STORE_FAILED;
    }
    load_begin(room, found.locked);
    *room_r = room;
    return load_step(room);
}

enum store_result room_load_begin(struct service *service, struct span node, struct room **room_r)
{
    struct room *room = room_in_memory(service, node);
    if (!room) {
        enum store_result result = load(service, node, &room);
        if (result != STORE_OK)
            return result;
    }
    room_visit(room);
    *room_r = room;
    return STORE_OK;
}

enum store_result room_load(struct service *service, struct span node, struct room **room_r)
{
    struct room *room = NULL;
    enum store_result result = room_load_begin(service, node, &room);
    while (result == STORE_OK && room->loading)
        result = load_step(room);
    if (result == STORE_OK)
        *room_r = room;
    return result;
}

bool room_load_is_under_way(const struct service *service, struct span node)
{
    const struct room *room = room_in_memory(service, node);
    return room && room->loading;
}
