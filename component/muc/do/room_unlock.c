#include "room_unlock.h"

#include "muc/state/service_state.h"

#define UNLOCKED_MAX 1000 /* in one turn: a few milliseconds */

bool room_unlock_tick(struct service *service)
{
    int64_t limit = (int64_t)service->settings.limits.lock_seconds * 1000;
    struct room *room;
    for (unsigned left = UNLOCKED_MAX; (room = service->rooms_in[ROOM_LOCKED]); left--) {
        if (service->mono_ms - room->since_ms < limit)
            return true;
        if (left == 0)
            return false;
        room_unlock(room);
    }
    return true;
}

/* Returns the smaller number; a negative one means never. */
