/* Messages to the room itself that are not for everybody in it. A child element says what the
 * sender wants; a message without one is a bad request (17.2). */

#include <string.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/state/refusal.h"

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
