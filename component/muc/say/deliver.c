#include "deliver.h"

#include "muc/state/occupant.h"
#include "muc/state/service_state.h"

void deliver_to_session(const struct session *session, struct rendered *stanza)
{
    const struct occupant *occupant = session->occupant;
    outbox_deliver(occupant->room->service->outbox, occupant->room->lane, rendered_ref(stanza),
                   session->address, occupant_sees_real(occupant));
}

void deliver_to_occupant(const struct occupant *occupant, struct rendered *stanza)
{
    for (const struct session *session = occupant->sessions; session; session = session->next)
        deliver_to_session(session, stanza);
}

/* For more moderators than this, one walk through the audience costs less than a job for each. */
#define FEW 20

void deliver_to_moderators(struct room *room, struct rendered *stanza,
                           const struct occupant *except)
{
    if (room->in_role[ROLE_MODERATOR] > FEW) {
        outbox_fan_moderators(room->service->outbox, room->audience, rendered_ref(stanza),
                              except ? except->number : 0);
        return;
    }
    struct occupant *occupant = room->moderators;
    for (; occupant; occupant = occupant->next_moderator) {
        if (occupant != except)
            deliver_to_occupant(occupant, stanza);
    }
}
