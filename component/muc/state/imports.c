#include "imports.h"

#include "coven/store_staged.h"
#include "room.h"
#include "service_state.h"

static bool is_receiving(const struct imports *imports, int64_t id)
{
    for (unsigned i = 0; i < imports->count; i++) {
        if (imports->receiving[i] == id)
            return true;
    }
    return false;
}

int64_t imports_begin(struct service *service)
{
    struct imports *imports = &service->imports;
    if (imports->count == IMPORTS_MAX)
        return 0;
    int64_t id = ++service->last_room_id;
    imports->receiving[imports->count++] = id;
    service_wrote(service, store_staged_put(service->store, &(struct store_staged){.room = id}));
    return id;
}

void imports_end(struct service *service, int64_t id)
{
    struct imports *imports = &service->imports;
    for (unsigned i = 0; i < imports->count; i++) {
        if (imports->receiving[i] == id)
            imports->receiving[i--] = imports->receiving[--imports->count];
    }
    imports->idle = false;
}

/* The first step is of this turn: from it on the room's newest message has its final number, so
 * that the next one follows it. */
void imports_weave(struct service *service, int64_t id, struct room *target, int64_t messages)
{
    struct store_staged staged = {.room = id, .target = target->id, .before = INT64_MAX};
    service_wrote(service, store_message_number(service->store, target->id, &staged.number));
    staged.number += messages;
    service_wrote(service, store_staged_put(service->store, &staged));
    service_wrote(service, store_weave(service->store, &staged));
    room_touch(target);
    target->archived = ARCHIVED_UNKNOWN;
    target->said = STORE_SAID_UNKNOWN;
    target->retractions++; /* so that no page of the archive is half of the one and half of the
                              other */
    imports_end(service, id);
}

/* ---- Steps ---- */

/* The first entry that nobody receives. */
struct waiting {
    const struct imports *imports;
    struct store_staged staged;
    bool found;
};

static void take(void *user, const struct store_staged *staged)
{
    struct waiting *waiting = user;
    if (waiting->found || is_receiving(waiting->imports, staged->room))
        return;
    waiting->staged = *staged;
    waiting->found = true;
}

/* Loads the room anew when it is needed: it has affiliations that memory does not have. */
static void unload(struct service *service, int64_t id)
{
    for (enum room_state state = 0; state < ROOM_GONE; state++) {
        for (struct room *room = service->rooms_in[state]; room; room = room->next) {
            if (room->id != id)
                continue;
            room_touch(room);
            room_set_state(room, ROOM_GONE);
            return;
        }
    }
}

static void finish(struct service *service, const struct store_staged *staged)
{
    service_wrote(service, store_late_add(service->store, staged->target));
    service_wrote(service, store_staged_delete(service->store, staged->room));
    unload(service, staged->target);
}

bool imports_have_work(const struct service *service)
{
    return !service->imports.idle;
}

void imports_step(struct service *service)
{
    struct imports *imports = &service->imports;
    struct waiting waiting = {.imports = imports};
    if (imports->idle)
        return;
    enum store_result result = store_staged_all(service->store, take, &waiting);
    service_wrote(service, result);
    imports->idle = result != STORE_FAILED && !waiting.found;
    if (!waiting.found)
        return;
    if (waiting.staged.target == 0) {
        service_wrote(service, store_staged_doom(service->store, waiting.staged.room));
        service->retention_ms = 0; /* so that it is deleted soon */
        return;
    }
    result = store_weave(service->store, &waiting.staged);
    service_wrote(service, result);
    if (result == STORE_NOTHING)
        finish(service, &waiting.staged);
}
