/*
 * Messages to the room itself that are not for everybody in it: what they ask for stands in an
 * element, wherever in the message that is. Whatever asks for nothing is a bad request (17.2).
 */

#include <string.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"

/* What a form is about stands in it: the right to speak, or a registration to agree to. */
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

/* An element of the message's own, or one in its <x/> of muc#user. */
static const struct {
    const char *name, *ns;
    bool in_x;
    request_handler *handler; /* gets the element, or that <x/>, as payload */
} subjects[] = {
    {"invite", NS_MUC_USER, true, invite},
    {"decline", NS_MUC_USER, true, decline},
    {"x", NS_DATA, false, room_form},
};

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
    return &error_bad_request;
}
