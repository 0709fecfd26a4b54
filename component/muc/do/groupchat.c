/* A message to everybody in the room (XEP-0045, 7.4). */

#include "archive.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "face.h"
#include "handlers.h"
#include "muc/say/content.h"
#include "muc/say/message.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "retract.h"
#include "room_message.h"

/* With a body or a thread it is a message that has a subject of its own (8.1). Some clients add an
 * empty body, which is none. */
static bool is_subject_change(xmpp_stanza_t *stanza)
{
    return stanza_child(stanza, "subject", NS_CLIENT) && !stanza_says(stanza, "body", NS_CLIENT) &&
           !stanza_says(stanza, "thread", NS_CLIENT);
}

static enum store_kind kind_of(enum retract_outcome retracts, enum content content)
{
    if (retracts == RETRACT_DONE)
        return STORE_RETRACTION;
    return content == CONTENT_TALK ? STORE_SAID : STORE_ASIDE;
}

const struct stanza_error *groupchat(struct request *request)
{
    xmpp_stanza_t *stanza = request->stanza;
    if (room_message_is_asked(stanza))
        return &refusal_normal_type;
    if (is_subject_change(stanza))
        return subject_change(request);
    if (request->session->occupant->role < ROLE_PARTICIPANT)
        return &refusal_no_voice;
    enum content content = content_of(stanza);
    struct message_id id = {0, 0};
    if (content != CONTENT_FLEETING)
        id = message_id_next(request->service);
    struct rendered *message = message_render(request, id);
    if (!message)
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    enum retract_outcome retracts;
    const struct stanza_error *error = retract_own(request, id, &retracts);
    if (error) {
        rendered_unref(message);
        return error;
    }
    if (content != CONTENT_FLEETING)
        archive_add(request->room, request->session, message, id, kind_of(retracts, content));
    face_speak(request->session);
    outbox_speak(request->service->outbox, request->session->occupant->number);
    outbox_fan(request->service->outbox, request->room->audience, message, 0);
    return NULL;
}
