#include "access.h"

#include "affiliation.h"
#include "occupant.h"
#include "request.h"
#include "service_state.h"

static bool is_closed(const struct room_config *config)
{
    return config->members_only || config->protected;
}

enum access access_of(const struct request *request)
{
    const struct room *room = request->room;
    enum affiliation affiliation = affiliation_in(room, jid_bare(&request->from));
    bool inside = request->session != NULL;
    if (room_is_locked(room) && !inside && affiliation != AFFILIATION_OWNER)
        return ACCESS_NOTHING;
    if (affiliation == AFFILIATION_OUTCAST)
        return ACCESS_DOOR;
    if (inside || affiliation >= AFFILIATION_MEMBER || !is_closed(&room->config))
        return ACCESS_INSIDE;
    return room->config.public ? ACCESS_SIGN : ACCESS_DOOR;
}

bool access_lists(const struct request *request)
{
    bool open = request->room->config.public && request->service->settings.list_occupants;
    return access_of(request) == ACCESS_INSIDE && (open || request->session);
}

bool access_sees(const struct request *request, const struct occupant *occupant)
{
    const struct occupant *self = request->session ? request->session->occupant : NULL;
    bool close = self && (self->user == occupant->user || self->role == ROLE_MODERATOR);
    return close || occupant_is_shown(occupant);
}

unsigned access_count(const struct request *request)
{
    const struct room *room = request->room;
    unsigned count = 0;
    if ((room->config.broadcast & BROADCAST_ALL) == BROADCAST_ALL)
        return room->occupants_by_nick.count;
    for (const struct occupant *at = room->occupants; at; at = at->next)
        count += access_sees(request, at);
    return count;
}
