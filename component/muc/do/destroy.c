#include "destroy.h"

#include <stdlib.h>
#include <string.h>

#include "coven/log.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/say/presence.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/room_life.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"

/* People type the venue, or paste a link to it. An empty one is what clients send for none. */
static const struct stanza_error *read_venue(struct destroy *destroy, const struct request *request,
                                             const char *text)
{
    if (!text || text[strspn(text, " ")] == '\0')
        return NULL;
    if (!jid_parse_typed(span_of(text), &destroy->venue) || destroy->venue.node_len == 0)
        return &refusal_venue;
    if (span_equal(jid_bare(&destroy->venue), room_address(request->room)))
        return &refusal_venue_same;
    destroy->moved = true;
    return NULL;
}

static bool fits(const char *text, const struct request *request)
{
    return !text || strlen(text) <= request->service->settings.limits.reason_bytes;
}

const struct stanza_error *destroy_read(struct destroy *destroy, struct request *request,
                                        xmpp_stanza_t *element)
{
    destroy->moved = false;
    destroy->password = stanza_child_text(element, "password", NS_MUC_OWNER);
    destroy->reason = stanza_child_text(element, "reason", NS_MUC_OWNER);
    const struct stanza_error *error = read_venue(destroy, request, stanza_attr(element, "jid"));
    if (!error && (!fits(destroy->password, request) || !fits(destroy->reason, request)))
        error = request_exceeds(request, "reason_bytes", &error_policy_violation);
    if (error)
        destroy_free(destroy);
    return error;
}

void destroy_free(struct destroy *destroy)
{
    free(destroy->password);
    free(destroy->reason);
}

static void write_text(struct xml *xml, const char *name, const char *text)
{
    if (text)
        xml_element(xml, name, NULL, span_of(text));
}

void destroy_write(struct xml *xml, void *user)
{
    const struct destroy *destroy = user;
    xml_open(xml, "destroy", NULL);
    if (destroy && destroy->moved)
        xml_attr(xml, "jid", jid_bare(&destroy->venue));
    if (destroy) {
        write_text(xml, "password", destroy->password);
        write_text(xml, "reason", destroy->reason);
    }
    xml_close(xml);
}

void destroy_tell(const struct room *room, struct destroy *destroy)
{
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->next) {
        struct presence_event event = presence_event_gone(occupant);
        event.extra = destroy_write;
        event.extra_user = destroy;
        presence_to_self(occupant, &event);
    }
}

void destroy_room(struct room *room, struct destroy *destroy)
{
    destroy_tell(room, destroy);
    struct span venue = destroy && destroy->moved ? jid_bare(&destroy->venue) : span_of("");
    tombstone_leave(room, venue, span_of(destroy ? destroy->reason : NULL));
    log_info("room %s destroyed", room->address);
    room_life_destroy(room);
}
