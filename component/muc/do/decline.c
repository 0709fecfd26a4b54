/* Declining an invitation (XEP-0045, 7.8.2). The sender is outside. If the inviter is not inside,
 * the decline is dropped in silence: an error would tell strangers who is in the room. */

#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/limit/invited.h"
#include "muc/say/deliver.h"
#include "muc/say/draft.h"
#include "muc/say/invitation.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

/* The inviter knows an outsider by the bare JID, and an occupant by the nick, unless real JIDs are
 * shown. */
static struct span decliner_of(const struct request *request)
{
    return request->session ? invitation_public_jid(request->session) : jid_bare(&request->from);
}

static struct rendered *render(struct request *request, const char *reason)
{
    struct room *room = request->room;
    struct span who = decliner_of(request);
    struct draft draft =
        draft_open(request->service, "message", room_address(room), NULL, request->id);
    draft_to_each(&draft);
    xml_open(&draft.xml, "x", NS_MUC_USER);
    xml_open(&draft.xml, "decline", NULL);
    xml_attr(&draft.xml, "from", who);
    xml_element(&draft.xml, "reason", NULL, span_of(reason));
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    invitation_write_body(&draft.xml, who, " declined your invitation to the room ", room, reason);
    bool fits = draft_fits(&draft, request->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

/* `to` names the inviter as the invitation did: by nick, or by real JID. */
static bool is_by_nick(const struct room *room, const struct jid *to)
{
    return span_equal(jid_bare(to), room_address(room));
}

static struct occupant *find_inviter(const struct room *room, const struct jid *to)
{
    return is_by_nick(room, to) ? occupant_find(room, jid_resource(to))
                                : occupant_of_user(room, jid_bare(to));
}

/* Without an invitation a decline would let strangers send messages to occupants. */
static bool was_invited(const struct request *request, const struct jid *to)
{
    const struct occupant *inviter = find_inviter(request->room, to);
    return inviter &&
           invited_was(request->room, span_of(occupant_bare(inviter)), jid_bare(&request->from));
}

static void deliver(const struct room *room, const struct jid *to, struct rendered *message)
{
    struct occupant *occupant = find_inviter(room, to);
    for (; occupant; occupant = is_by_nick(room, to) ? NULL : occupant->next_same)
        deliver_to_occupant(occupant, message);
}

const struct stanza_error *decline(struct request *request)
{
    const struct room *room = request->room;
    xmpp_stanza_t *element = stanza_child(request->payload, "decline", NS_MUC_USER);
    const char *to = stanza_attr(element, "to");
    struct jid inviter;
    if (affiliation_in(room, jid_bare(&request->from)) == AFFILIATION_OUTCAST)
        return &refusal_banned;
    if (!to || !jid_parse(span_of(to), &inviter))
        return &error_jid_malformed;
    char *reason = stanza_child_text(element, "reason", NS_MUC_USER);
    bool fits = !reason || strlen(reason) <= request->service->settings.limits.reason_bytes;
    struct rendered *message = fits ? render(request, reason ? reason : "") : NULL;
    free(reason);
    if (!message)
        return request_exceeds(request, "reason_bytes", &error_policy_violation);
    if (was_invited(request, &inviter))
        deliver(room, &inviter, message);
    rendered_unref(message);
    return NULL;
}
