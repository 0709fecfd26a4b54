#include "room_unlock.h"

#include "destroy.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"

#define UNLOCKED_MAX 1000 /* in one turn: a few milliseconds */

/* Was there a room of that name, and it was destroyed? */
static bool replaces(const struct room *room)
{
    struct tombstone tombstone;
    if (tombstone_find(room->service, room_node(room), &tombstone) != STORE_OK)
        return false;
    tombstone_free(&tombstone);
    return true;
}

/* Opens a room that nobody has configured in time. In the place of one that was destroyed it ends:
 * an owner's client has entered by a bookmark, and its user may not know. */
static void settle(struct room *room)
{
    if (replaces(room))
        destroy_room(room, NULL);
    else
        room_unlock(room);
}

bool room_unlock_tick(struct service *service)
{
    int64_t limit = (int64_t)service->settings.limits.lock_seconds * 1000;
    struct room *room;
    for (unsigned left = UNLOCKED_MAX; (room = service->rooms_in[ROOM_LOCKED]); left--) {
        if (service->mono_ms - room->since_ms < limit)
            return true;
        if (left == 0)
            return false;
        settle(room);
    }
    return true;
}

/* Returns the smaller number; a negative one means never. */
