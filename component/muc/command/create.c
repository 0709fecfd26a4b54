/* create: a room without anybody in it, so it must be a persistent one. */

#include <string.h>

#include "handlers.h"
#include "muc/state/refusal.h"
#include "muc/state/room_life.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "options_command.h"

static bool wants_temporary(const json_t *settings)
{
    size_t i;
    json_t *setting;
    json_array_foreach(settings, i, setting)
    {
        const char *text = json_string_value(setting);
        if (strncmp(text, "persistentroom=", 15) == 0 && strcmp(text + 15, "1") != 0)
            return true;
    }
    return false;
}

/* RUN_DONE: the room may be created. */
static enum run_next check(struct run *run, const struct jid *address)
{
    struct service *service = run->service;
    const struct service_limits *limits = &service->settings.limits;
    struct room *room = NULL;
    enum store_result found = room_load_begin(service, jid_node(address), &room);
    if (found == STORE_FAILED)
        return run_fail(run, &error_resource_constraint, NULL);
    if (found == STORE_OK)
        return run_fail(run, &error_conflict, "There is a room of that name");
    if (address->node_len > limits->room_name_bytes)
        return run_fail(run, &error_policy_violation, "The name is longer than %u bytes",
                        limits->room_name_bytes);
    if (service->rooms_stored.all >= limits->rooms)
        return run_fail(run, &error_resource_constraint, "There are %u rooms, the most (rooms)",
                        limits->rooms);
    if (wants_temporary(json_object_get(run->args, "options")))
        return run_fail(run, &error_bad_request,
                        "A room with nobody in it ends at once unless it is persistent");
    return RUN_DONE;
}

/* Without an owner the room belongs to the service, that is to nobody but operators. */
enum run_next create_room(struct run *run)
{
    struct jid address;
    const char *owner = run_text(run, "owner");
    if (!jid_parse(span_of(run_text(run, "room")), &address))
        return run_fail(run, &error_jid_malformed, NULL);
    if (check(run, &address) != RUN_DONE)
        return RUN_FAILED;
    run->room =
        room_life_create(run->service, jid_node(&address),
                         span_of(owner ? owner : run->service->settings.domain), span_of(""));
    struct room *room = run->room;
    enum run_next next = options_apply(run, json_object_get(run->args, "options"), true);
    if (next == RUN_DONE)
        run_log(run, "creates %s", room->address);
    else
        room_life_destroy(room);
    return next;
}
