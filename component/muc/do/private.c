/* Private messages to one occupant (XEP-0045, 7.5). They enter no history and no archive. */

#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/say/deliver.h"
#include "muc/say/draft.h"
#include "muc/say/payload.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "private_bounce.h"

/* The empty <x/> of muc#user marks a private message. */
static struct draft compose(struct request *request)
{
    const struct occupant *sender = request->session->occupant;
    struct draft draft = draft_open(request->service, "message", occupant_address(sender),
                                    request->type, request->id);
    xml_attr_text(&draft.xml, "xml:lang", stanza_attr(request->stanza, "xml:lang"));
    draft_to_each(&draft);
    const struct payload_scope scope = {{room_address(request->room), .is_private = true}, NULL};
    payload_copy(&draft.xml, request->stanza, &scope);
    xml_element(&draft.xml, "x", NS_MUC_USER, span_of(""));
    xml_open(&draft.xml, "occupant-id", NS_OCCUPANT_ID);
    xml_attr_text(&draft.xml, "id", sender->id);
    xml_close(&draft.xml);
    return draft;
}

const struct stanza_error *private_message(struct request *request)
{
    if (!options_allow(request->room->config.allow_pm, request->session->occupant->role))
        return &refusal_no_private;
    const struct occupant *recipient = occupant_find(request->room, request_nick(request));
    if (!recipient)
        return &refusal_no_occupant;
    struct draft draft = compose(request);
    if (!draft_fits(&draft, request->service->settings.limits.stanza_bytes))
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    struct rendered *message = draft_close(&draft);
    outbox_speak(request->service->outbox, request->session->occupant->number);
    deliver_to_occupant(recipient, message);
    rendered_unref(message);
    private_bounce_remember(request, recipient);
    return NULL;
}
