#include "deliver.h"

#include "coven/bug.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"

/* What stands behind the address. */
static void add_rest(struct buf *out, const struct rendered *stanza, bool sees_real)
{
    uint32_t at = stanza->to_at;
    for (uint32_t i = 0; i < stanza->real_count; i++) {
        const struct rendered_real *real = &stanza->real[i];
        buf_add(out, stanza->bytes + at, real->at - at);
        if (sees_real)
            buf_add(out, stanza->bytes + real->at, real->len);
        at = real->at + real->len;
    }
    buf_add(out, stanza->bytes + at, stanza->len - at);
}

void deliver_to_session(const struct session *session, const struct rendered *stanza)
{
    struct room *room = session->occupant->room;
    struct buf *out = &room->service->scratch;
    coven_assert(stanza->to_at != RENDERED_NO_TO);
    buf_clear(out);
    buf_add(out, stanza->bytes, stanza->to_at);
    buf_add_span(out, blob_span(session->address));
    add_rest(out, stanza, occupant_sees_real(session->occupant));
    outbox_send(room->service->outbox, room->lane,
                rendered_new(buf_span(out), RENDERED_NO_TO, NULL, 0));
}

void deliver_to_occupant(const struct occupant *occupant, const struct rendered *stanza)
{
    for (const struct session *session = occupant->sessions; session; session = session->next)
        deliver_to_session(session, stanza);
}

#define FEW 20

/* A walk through the audience costs less than so many copies, and is taken piece by piece. */
void deliver_to_moderators(struct room *room, struct rendered *stanza,
                           const struct occupant *except)
{
    if (room->moderator_count > FEW) {
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
