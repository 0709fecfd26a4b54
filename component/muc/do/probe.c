/* Presence probes (XEP-0045, 17.3): occupants may ask for the presence of others, even if the room
 * does not broadcast it. A probe to the room asks for one's own. The answer says who is there, not
 * that somebody has entered: it has no status 110. */

#include "handlers.h"
#include "muc/say/presence.h"
#include "muc/say/reserved_nick.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/room.h"

static void show_self(const struct request *request)
{
    struct presence_event event = presence_event_of(request->session->occupant);
    event.id = request->id;
    event.probed = true;
    presence_to_session(request->session, &event);
}

/* Shows the absent user who has reserved the nick. */
static const struct stanza_error *show_absent(struct request *request)
{
    const struct affiliation_entry *entry =
        affiliation_nick_holder(request->room, request_nick(request));
    if (!entry || !occupant_sees_real(request->session->occupant))
        return &refusal_no_occupant;
    reserved_nick_send(request->session, entry, request->id);
    return NULL;
}

const struct stanza_error *probe_presence(struct request *request)
{
    const struct occupant *self = request->session->occupant;
    bool to_room = !jid_has_resource(&request->to);
    const struct occupant *occupant =
        to_room ? self : occupant_find(request->room, request_nick(request));
    if (!occupant)
        return show_absent(request);
    if (occupant == self)
        show_self(request);
    else
        presence_show(occupant, request->session, request->id);
    return NULL;
}
