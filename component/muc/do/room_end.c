#include "room_end.h"

#include "coven/log.h"
#include "muc/state/room_life.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

#define ENDED_MAX 200 /* rooms in one turn: a few milliseconds */

/* A creator who leaves without configuring the room does not want it (10.1.3). */
static bool is_to_stay(const struct room *room)
{
    return room->config.persistent && !room_is_locked(room);
}

void room_end_if_empty(struct room *room)
{
    if (room_is_gone(room) || room->occupants)
        return;
    if (is_to_stay(room)) {
        unarchived_save(room); /* the room may not stay in memory */
        room->used = room->service->wall_ms;
        room_save(room);
        return;
    }
    log_info("room %s ended: nobody is left", room->address);
    room_life_destroy(room);
}

void room_end_lost(struct room *room)
{
    if (is_to_stay(room) || room_is_locked(room)) {
        room_end_if_empty(room);
    } else if (room->state == ROOM_OPEN && !room->occupants) {
        unarchived_save(room); /* nobody may come back */
        room_set_state(room, ROOM_VACANT);
    }
}

/* Ends the room, unless its owner has made it persistent meanwhile. */
static void end_wait(struct room *room)
{
    room_visit(room);
    room_set_state(room, ROOM_OPEN);
    room_end_if_empty(room);
}

bool room_end_tick(struct service *service)
{
    int64_t limit = (int64_t)service->settings.limits.vacant_seconds * 1000;
    struct room *room;
    unsigned left = ENDED_MAX;
    for (; (room = service->rooms_in[ROOM_VACANT]); left--) {
        if (service->mono_ms - room->since_ms < limit)
            return true;
        if (left == 0)
            return false;
        end_wait(room);
    }
    return true;
}

void room_end_all(struct service *service)
{
    while (service->rooms_in[ROOM_VACANT])
        end_wait(service->rooms_in[ROOM_VACANT]);
}
