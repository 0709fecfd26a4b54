/* A moderator retracts a message of somebody else (XEP-0425). */

#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "audit.h"
#include "coven/id.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/say/message.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "retract.h"

/* The sender may use a session that is not inside: finds the user's occupant that is a moderator.
 */
static const struct occupant *find_moderator(const struct request *request)
{
    struct span bare = jid_bare(&request->from);
    struct occupant *occupant = request->session ? request->session->occupant : NULL;
    if (occupant && occupant->role == ROLE_MODERATOR)
        return occupant;
    occupant = occupant_of_user(request->room, bare);
    while (occupant && occupant->role != ROLE_MODERATOR)
        occupant = occupant->next_same;
    return occupant;
}

/* The message that announces it, from the room itself. NULL: it is too large. */
static struct rendered *render(struct request *request, const struct retraction *retraction,
                               const char *message, struct message_id id)
{
    const struct room *room = request->room;
    struct draft draft =
        draft_open(request->service, "message", room_address(room), "groupchat", retraction->id);
    draft_to_each(&draft);
    xml_open(&draft.xml, "retract", NS_RETRACT);
    xml_attr_text(&draft.xml, "id", message);
    retract_write(&draft.xml, retraction);
    xml_close(&draft.xml);
    message_write_ids(&draft.xml, room, id, NULL);
    bool fits = draft_fits(&draft, request->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

static const struct stanza_error *
take_back(struct request *request, const struct retractable *message, struct retraction *retraction)
{
    struct room *room = request->room;
    struct message_id id = message_id_next(request->service);
    char text[MESSAGE_ID_SIZE], made[ID_TEXT_SIZE];
    message_id_print(message->id, text);
    id_random_text(made);
    retraction->id = made;
    struct rendered *announcement = render(request, retraction, text, id);
    if (!announcement)
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    audit_log(request, "retracts a message");
    retract_carry_out(room, message, retraction);
    archive_add(room, NULL, announcement, id, STORE_RETRACTION);
    outbox_fan(request->service->outbox, room->audience, announcement, 0);
    answer_result(request);
    return NULL;
}

static const struct stanza_error *find_and_take_back(struct request *request, const char *id,
                                                     struct retraction *retraction)
{
    struct retractable message;
    const struct stanza_error *error = &error_resource_constraint;
    enum store_result result = retract_find(&message, request->room, id);
    if (result == STORE_OK)
        error = take_back(request, &message, retraction);
    else if (result == STORE_NOTHING)
        error = &refusal_no_message;
    retract_close(&message);
    return error;
}

const struct stanza_error *moderate(struct request *request)
{
    xmpp_stanza_t *payload = request->payload;
    const char *id = stanza_attr(payload, "id");
    struct retraction retraction = {.occupant = find_moderator(request)};
    if (!retraction.occupant)
        return &refusal_no_moderation;
    if (!id || !stanza_child(payload, "retract", NS_RETRACT))
        return &error_bad_request;
    char *reason = stanza_child_text(payload, "reason", NS_MODERATE);
    size_t limit = request->service->settings.limits.reason_bytes;
    retraction.reason = reason;
    const struct stanza_error *error =
        reason && strlen(reason) > limit
            ? request_exceeds(request, "reason_bytes", &error_policy_violation)
            : find_and_take_back(request, id, &retraction);
    free(reason);
    return error;
}
