/* A moderator retracts a message of somebody else (XEP-0425, in both versions that clients speak).
 */

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
#include "muc/say/retraction.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "retract.h"

/* ---- Who moderates ---- */

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

/* Admins and owners would be moderators if they were inside, so they need not be. */
static bool may_moderate(const struct request *request)
{
    return find_moderator(request) ||
           affiliation_in(request->room, jid_bare(&request->from)) >= AFFILIATION_ADMIN;
}

/* Writes the moderator's address in the room; nothing when the user is not inside and has no
 * reserved nick. */
static void write_address(const struct request *request, struct buf *out)
{
    const struct room *room = request->room;
    const struct occupant *occupant = find_moderator(request);
    const struct affiliation_entry *entry = affiliation_entry(room, jid_bare(&request->from));
    if (occupant)
        buf_add_span(out, occupant_address(occupant));
    else if (entry && *entry->nick)
        buf_printf(out, "%s/%s", room->address, entry->nick);
}

static bool is_above(const struct retractable *message, const struct request *request)
{
    const struct room *room = request->room;
    return affiliation_in(room, buf_span(&message->author)) >
           affiliation_in(room, jid_bare(&request->from));
}

/* ---- Taking back ---- */

/* The message that announces it, from the room itself. NULL: it is too large. */
static struct rendered *render(struct request *request, const struct retraction *retraction,
                               const char *message, struct message_id id)
{
    const struct room *room = request->room;
    struct draft draft =
        draft_open(request->service, "message", room_address(room), "groupchat", retraction->id);
    draft_to_each(&draft);
    retraction_write_notice(&draft.xml, room, retraction, message);
    message_write_ids(&draft.xml, room, id, NULL);
    bool fits = draft_fits(&draft, request->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

static const struct stanza_error *take_back(struct request *request,
                                            const struct retractable *message, const char *reason)
{
    struct room *room = request->room;
    struct message_id id = message_id_next(request->service);
    char made[ID_TEXT_SIZE], moderator[OCCUPANT_ID_SIZE];
    struct buf address = BUF_INIT;
    id_random_text(made);
    occupant_id_of(room, jid_bare(&request->from), moderator);
    write_address(request, &address);
    struct retraction retraction = {
        .id = made, .moderator = moderator, .by = buf_span(&address), .reason = reason};
    struct rendered *announcement = render(request, &retraction, message->name, id);
    if (announcement) {
        audit_log(request, "retracts a message");
        retract_carry_out(room, message, &retraction);
        archive_add(room, NULL, announcement, id, STORE_NOTICE);
        outbox_fan(request->service->outbox, room->audience, announcement, 0);
        answer_result(request);
    }
    buf_free(&address);
    return announcement ? NULL : request_exceeds(request, "stanza_bytes", &error_policy_violation);
}

static const struct stanza_error *find_and_take_back(struct request *request, const char *id,
                                                     const char *reason)
{
    struct retractable message;
    const struct stanza_error *error = &error_resource_constraint;
    enum store_result result = retract_find(&message, request->room, id);
    if (result == STORE_OK)
        error =
            is_above(&message, request) ? &refusal_outranked : take_back(request, &message, reason);
    else if (result == STORE_NOTHING)
        error = &refusal_no_message;
    retract_close(&message);
    return error;
}

/* ---- Requests ---- */

/* `action` is the <moderate/>, and `id` that of the message. */
static const struct stanza_error *ask(struct request *request, xmpp_stanza_t *action,
                                      const char *id)
{
    if (!may_moderate(request))
        return &refusal_no_moderation;
    if (!id || !retract_is_in(action))
        return &error_bad_request;
    char *reason = stanza_child_text(action, "reason", stanza_ns(action));
    size_t limit = request->service->settings.limits.reason_bytes;
    const struct stanza_error *error =
        reason && strlen(reason) > limit
            ? request_exceeds(request, "reason_bytes", &error_policy_violation)
            : find_and_take_back(request, id, reason);
    free(reason);
    return error;
}

const struct stanza_error *moderate(struct request *request)
{
    return ask(request, request->payload, stanza_attr(request->payload, "id"));
}

/* In the version before, the action is fastened to the message (XEP-0422). */
const struct stanza_error *moderate_fastened(struct request *request)
{
    xmpp_stanza_t *action = stanza_child(request->payload, "moderate", NS_MODERATE_0);
    return action ? ask(request, action, stanza_attr(request->payload, "id"))
                  : &error_service_unavailable;
}
