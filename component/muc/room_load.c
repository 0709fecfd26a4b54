#include "room_load.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "avatar.h"
#include "coven/mem.h"
#include "coven/sound.h"
#include "coven/text.h"
#include "occupant.h"
#include "service_state.h"

struct loading {
    struct service *service;
    struct room *room;
};

/* The clock may have been set since then: a room that is of the future is new. */
static int64_t age_of(const struct service *service, const struct store_room *row)
{
    return service->wall_ms > row->created ? service->wall_ms - row->created : 0;
}

static void take_room(void *user, const struct store_room *row)
{
    struct loading *loading = user;
    struct room *room = room_new(loading->service, row->name);
    room->id = row->id;
    room->created = row->created;
    room->locked_ms = loading->service->mono_ms - age_of(loading->service, row);
    room->creator = mem_copy(row->creator.at, row->creator.len);
    if (row->salt.len == sizeof room->salt)
        memcpy(room->salt, row->salt.at, sizeof room->salt);
    if (sound_element(row->subject, "message") && sound_address(row->subject, row->subject_to))
        room->subject = rendered_new(row->subject, row->subject_to, NULL, 0);
    room->subject_time = row->subject_time;
    room->listed = row->listed;
    room->locked = row->locked;
    if (room->locked)
        DL_APPEND(loading->service->locked, room);
    loading->room = room;
}

static void take_option(void *user, const struct store_option *row)
{
    struct room *room = user;
    room_option_load(&room->config, row->var, row->value, &room->service->settings.limits);
    avatar_load(room, row);
}

static void take_affiliation(void *user, const struct store_affiliation *row)
{
    struct room *room = user;
    struct affiliation_entry *entry = room_put_entry(room, row->jid);
    room_set_entry(room, entry, affiliation_of(row->affiliation));
    room_reserve_nick(room, entry, row->nick);
    text_set(&entry->reason, row->reason);
}

static void take_session(void *user, const struct store_session *row)
{
    occupant_restore(user, row);
}

enum store_result room_load(struct service *service, struct span node, struct room **room_r)
{
    struct loading loading = {service, NULL};
    enum store_result result = store_room_get(service->store, node, take_room, &loading);
    struct room *room = loading.room;
    if (!room)
        return result;
    if (store_options(service->store, room->id, take_option, room) == STORE_FAILED ||
        store_affiliations(service->store, room->id, take_affiliation, room) == STORE_FAILED ||
        store_sessions(service->store, room->id, take_session, room) == STORE_FAILED) {
        room_withdraw(room); /* half a room is none */
        return STORE_FAILED;
    }
    *room_r = room;
    return STORE_OK;
}
