/* Messages to the room itself that are not for everybody in it. A child element says what the
 * sender wants; a message without one is a bad request (17.2). */

#include <string.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/state/refusal.h"
#include "room_message.h"

/* The type of the form says what it is about: a request for voice, or for registration. */
static const struct stanza_error *room_form(struct request *request)
{
    struct form form;
    if (!form_read(request->payload, &form))
        return &error_bad_request;
    const char *type = form_form_type(&form);
    bool registers = type && strcmp(type, NS_MUC_REGISTER) == 0;
    form_free(&form);
    return registers ? register_approve(request) : voice_form(request);
}

/* The elements that are understood. */
static const struct {
    const char *name, *ns;
    bool in_x;
    request_handler
        *handler; /* its request has the element as payload, or the <x/> that the element is in */
} subjects[] = {
    {"invite", NS_MUC_USER, true, invite},
    {"decline", NS_MUC_USER, true, decline},
    {"x", NS_DATA, false, room_form},
};

bool room_message_is_asked(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *x = stanza_child(stanza, "x", NS_MUC_USER);
    if (x && (stanza_child(x, "invite", NS_MUC_USER) || stanza_child(x, "decline", NS_MUC_USER)))
        return true;
    xmpp_stanza_t *element = stanza_child(stanza, "x", NS_DATA);
    struct form form;
    if (!element || !form_read(element, &form))
        return false;
    const char *type = form_form_type(&form);
    bool ours = type && (strcmp(type, NS_MUC_REQUEST) == 0 || strcmp(type, NS_MUC_REGISTER) == 0);
    form_free(&form);
    return ours;
}

const struct stanza_error *room_message_mistyped(struct request *request)
{
    return room_message_is_asked(request->stanza) ? &refusal_normal_type : &refusal_room_type;
}

const struct stanza_error *room_message(struct request *request)
{
    xmpp_stanza_t *x = stanza_child(request->stanza, "x", NS_MUC_USER);
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        xmpp_stanza_t *parent = subjects[i].in_x ? x : request->stanza;
        xmpp_stanza_t *element =
            parent ? stanza_child(parent, subjects[i].name, subjects[i].ns) : NULL;
        if (!element)
            continue;
        request->payload = subjects[i].in_x ? x : element;
        return subjects[i].handler(request);
    }
    return &refusal_room_type;
}
