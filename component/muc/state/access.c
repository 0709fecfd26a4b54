#include "access.h"

#include "actor.h"
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
    enum affiliation affiliation = actor_affiliation(request);
    bool inside = request->session != NULL;
    if (room_is_locked(room) && !inside && affiliation != AFFILIATION_OWNER)
        return ACCESS_NOTHING;
    if (affiliation == AFFILIATION_OUTCAST)
        return ACCESS_DOOR;
    if (inside || affiliation >= AFFILIATION_MEMBER || !is_closed(&room->config))
        return ACCESS_INSIDE;
    return room->config.public ? ACCESS_SIGN : ACCESS_DOOR;
}

bool access_is_public(const struct room *room)
{
    return room->config.public && !is_closed(&room->config) && !room_is_locked(room);
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
    const struct occupant *own = request->session ? request->session->occupant : NULL;
    unsigned count = 0;
    if (own && own->role == ROLE_MODERATOR)
        return room->occupants_by_nick.count;
    for (enum role role = ROLE_VISITOR; role < ROLE_KINDS; role++) {
        if (room->config.broadcast & options_role_bit(role))
            count += room->in_role[role];
    }
    for (own = own ? own->person->occupants : NULL; own; own = own->next_same)
        count += !occupant_is_shown(own);
    return count;
}
