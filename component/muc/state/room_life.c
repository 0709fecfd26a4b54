#include "room_life.h"

#include <stdlib.h>
#include <utlist.h>

#include "affiliation.h"
#include "coven/bug.h"
#include "coven/id.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/text.h"
#include "language.h"
#include "occupant.h"
#include "room_load.h"
#include "service_state.h"
#include "unarchived.h"

/* Gives a new room the creator's language and the operator's defaults, and saves it. What is not a
 * built-in default is stored, so that the room stays as it is when the operator changes them. */
static void configure(struct room *room, struct span lang)
{
    const struct service_settings *settings = &room->service->settings;
    const struct room_option *option;
    struct room_config config;
    options_copy(&config, &room->config);
    if (language_is_tag(lang) && lang.len <= settings->limits.option_bytes)
        text_set(&config.lang, lang);
    if (settings->open_registration)
        config.registration = REGISTRATION_ANYONE;
    for (size_t i = 0; (option = options_at(i)); i++) {
        if (settings->defaults[i])
            options_assign(&config, option, settings->defaults[i], &settings->limits);
    }
    room_configure(room, &config);
    if (settings->open_registration) /* which rooms without a row follow */
        room_save_option(room, options_find("{urn:coven:0}registration"));
}

struct room *room_life_create(struct service *service, struct span node, struct span creator,
                              struct span lang)
{
    struct room *room = room_new(service, node, ROOM_LOCKED);
    room->id = ++service->last_room_id;
    room->created = service->wall_ms;
    room->creator = mem_copy(creator.at, creator.len);
    room->salt_len = STORE_SALT;
    id_random_bytes(room->salt, room->salt_len);
    service->rooms_stored.all++;
    configure(room, lang);
    affiliation_set(room, creator, AFFILIATION_OWNER, NULL, NULL);
    log_info("room %s created by %s", room->address, room->creator);
    return room;
}

void room_life_destroy(struct room *room)
{
    struct service *service = room->service;
    coven_assert(!room_is_gone(room));
    unarchived_forget(room);
    service_wrote(service, store_room_delete(service->store, room->id));
    room_set_listed(room, false);
    service->rooms_stored.all--;
    service->rooms_stored.sessions -= room->sessions.count;
    service->retention_ms = 0; /* so that its messages are deleted soon */
    room_touch(room);
    room_set_state(room, ROOM_GONE);
}

/* The row of the new name is of this turn: if that is dropped, the room must not stay. */
enum store_result room_life_rename(struct room *room, struct span node, struct room **renamed_r)
{
    struct service *service = room->service;
    unarchived_save(room);
    service_wrote(service, store_room_rename(service->store, room->id, node));
    service->rooms_stored.sessions -= room->sessions.count;
    room_touch(room);
    room_set_state(room, ROOM_GONE);
    enum store_result result = room_load_begin(service, node, renamed_r);
    if (result != STORE_OK)
        service_wrote(service, STORE_FAILED);
    else
        room_touch(*renamed_r);
    return result == STORE_OK ? STORE_OK : STORE_FAILED;
}

void room_life_free(struct room *room)
{
    room_load_end(room);
    if (!room_is_gone(room))
        room_set_state(room, ROOM_GONE);
    DL_DELETE(room->service->rooms_in[ROOM_GONE], room);
    unarchived_forget(room);
    occupant_forget_all(room);
    affiliation_forget_all(room);
    audience_unref(room->audience);
    lane_unref(room->lane);
    rendered_unref(room->subject);
    options_free(&room->config);
    free(room->avatar);
    free(room->creator);
    free(room->address);
    free(room);
}

static void rest(struct room *room)
{
    struct service *service = room->service;
    room_set_state(room, ROOM_IDLE);
    /* Two at a time: the limit may have been lowered, and no turn may take long. */
    for (int i = 0; i < 2 && service->idle_count > service->settings.limits.idle_rooms; i++)
        room_life_free(service->rooms_in[ROOM_IDLE]);
}

void room_life_settle(struct room *room, bool forget)
{
    bool dropped = forget && room->changed;
    room->visited = room->changed = false;
    if (room_is_gone(room) || dropped)
        room_life_free(room);
    else if (room->state == ROOM_OPEN && !room->occupants)
        rest(room);
}
