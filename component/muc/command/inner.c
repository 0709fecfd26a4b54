#include "inner.h"

#include "muc/limit/limit_text.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "muc/state/session.h"
#include "runs.h"

xmpp_stanza_t *inner_element(struct run *run, const char *name, const char *ns)
{
    xmpp_stanza_t *element = xmpp_stanza_new(run->service->runs->xmpp);
    xmpp_stanza_set_name(element, name);
    if (ns)
        xmpp_stanza_set_ns(element, ns);
    return element;
}

xmpp_stanza_t *inner_child(xmpp_stanza_t *parent, const char *name, const char *ns)
{
    xmpp_stanza_t *child = xmpp_stanza_new(xmpp_stanza_get_context(parent));
    xmpp_stanza_set_name(child, name);
    xmpp_stanza_set_ns(child, ns ? ns : xmpp_stanza_get_ns(parent));
    xmpp_stanza_add_child(parent, child);
    xmpp_stanza_release(child);
    return child;
}

void inner_text(xmpp_stanza_t *parent, const char *name, const char *text)
{
    if (!text)
        return;
    xmpp_stanza_t *child = inner_child(parent, name, NULL);
    xmpp_stanza_t *inner = xmpp_stanza_new(xmpp_stanza_get_context(parent));
    xmpp_stanza_set_text(inner, text);
    xmpp_stanza_add_child(child, inner);
    xmpp_stanza_release(inner);
}

/* An operator without an address speaks as the service. */
static xmpp_stanza_t *make_iq(struct run *run, xmpp_stanza_t *payload)
{
    const char *from = *run->client ? run->client : run->service->settings.domain;
    xmpp_stanza_t *iq = inner_element(run, "iq", NULL);
    xmpp_stanza_set_type(iq, "set");
    xmpp_stanza_set_from(iq, from);
    xmpp_stanza_set_to(iq, run->room->address);
    xmpp_stanza_add_child(iq, payload);
    xmpp_stanza_release(payload);
    return iq;
}

static enum run_next tell(struct run *run, struct request *request,
                          const struct stanza_error *error)
{
    if (!error)
        return RUN_DONE;
    if (request->why.len == 0 && request->limit)
        limit_text_add(request, &request->why);
    return request->why.len > 0 ? run_fail(run, error, "%s", request->why.data)
                                : run_fail(run, error, NULL);
}

enum run_next inner_request(struct run *run, xmpp_stanza_t *payload, request_handler *handler)
{
    struct request request;
    xmpp_stanza_t *iq = make_iq(run, payload);
    bool read = request_read(&request, run->service, iq, false);
    enum run_next next = RUN_FAILED;
    if (read) {
        request.room = run->room;
        request.session = session_find(run->room, jid_full(&request.from));
        request.quiet = true;
        request.operator= run->is_operator ? run->caller : NULL;
        next = tell(run, &request, handler(&request));
    } else {
        run_fail(run, &error_bad_request, NULL);
    }
    request_close(&request);
    xmpp_stanza_release(iq);
    return next;
}
