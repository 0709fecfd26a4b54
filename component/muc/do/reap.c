#include "reap.h"

#include <utlist.h>

#include "coven/log.h"
#include "leave.h"
#include "muc/state/room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

#define ENDED_MAX 200 /* in one turn: a few milliseconds */

static void begin(struct room *room)
{
    struct service *service = room->service;
    room->vacant = true;
    room->vacant_ms = service->mono_ms;
    DL_APPEND(service->vacant, room);
}

void reap_lost(struct room *room)
{
    if (room->gone || room->occupants || room->vacant)
        return;
    if (room->locked || room->config.persistent) {
        reap_room(room);
        return;
    }
    unarchived_save(room); /* nobody may come back */
    begin(room);
}

void vacant_find(struct room *room)
{
    if (!room->occupants && !room->locked && !room->config.persistent)
        begin(room);
}

void vacant_end(struct room *room)
{
    if (!room->vacant)
        return;
    room->vacant = false;
    DL_DELETE(room->service->vacant, room);
}

bool reap_tick(struct service *service)
{
    int64_t limit = (int64_t)service->settings.limits.vacant_seconds * 1000;
    struct room *room;
    unsigned left = ENDED_MAX;
    for (; (room = service->vacant) && service->mono_ms - room->vacant_ms >= limit; left--) {
        if (left == 0)
            return false;
        room_visit(room);
        vacant_end(room);
        reap_room(room); /* unless its owner has made it persistent */
    }
    return true;
}

void reap_all(struct service *service)
{
    for (struct room *room; (room = service->vacant);) {
        room_visit(room);
        vacant_end(room);
        reap_room(room);
    }
}
