#include "archive_access.h"

#include "archive.h"
#include "muc/state/access.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

const struct stanza_error *archive_access_refusal(const struct request *request)
{
    if (!room_is_archived(request->room))
        return &refusal_no_archive;
    return access_of(request) < ACCESS_INSIDE ? &refusal_archive_private : NULL;
}

bool archive_access_shows_real(const struct request *request)
{
    const struct room *room = request->room;
    struct span bare = jid_bare(&request->from);
    return room->config.whois == WHOIS_ANYONE || affiliation_in(room, bare) >= AFFILIATION_ADMIN ||
           occupant_highest_role(room, bare) == ROLE_MODERATOR;
}
