#include "request.h"

#include <string.h>

#include "coven/stanza.h"
#include "service_state.h"

#define ID_BYTES_MAX 1024 /* a longer id is ignored, since every answer repeats it */

const char *const request_kind_names[] = {"message", "presence", "iq"};

static enum stanza_kind kind_of(xmpp_stanza_t *stanza)
{
    for (int i = 0; i < KIND_OTHER; i++) {
        if (stanza_is(stanza, request_kind_names[i], NULL))
            return (enum stanza_kind)i;
    }
    return KIND_OTHER;
}

/* From an invalid address, takes the room if it can be read, otherwise the service. */
static bool read_to(struct request *request, struct span to)
{
    const char *slash = memchr(to.at, '/', to.len);
    struct span bare = {to.at, slash ? (size_t)(slash - to.at) : to.len};
    request->malformed = !jid_parse(to, &request->to);
    return !request->malformed || jid_parse(bare, &request->to) ||
           jid_parse(span_of(request->service->settings.domain), &request->to);
}

bool request_read(struct request *request, struct service *service, xmpp_stanza_t *stanza, bool cut)
{
    const char *from = stanza_attr(stanza, "from"), *to = stanza_attr(stanza, "to");
    request->service = service;
    request->stanza = stanza;
    request->kind = kind_of(stanza);
    request->type = stanza_attr(stanza, "type");
    request->id = stanza_attr(stanza, "id");
    request->payload = stanza_child(stanza, NULL, NULL);
    if (request->id && strlen(request->id) > ID_BYTES_MAX)
        request->id = NULL;
    request->room = NULL;
    request->session = NULL;
    request->hidden = false;
    request->parked = false;
    request->cut = cut;
    request->refused = false;
    request->apart = false;
    request->quiet = false;
    request->operator= NULL;
    request->why = BUF_INIT;
    request->instead = BUF_INIT;
    request->complaint = NULL;
    request->offence = NULL;
    request->limit = NULL;
    return request->kind != KIND_OTHER && from && to && jid_parse(span_of(from), &request->from) &&
           read_to(request, span_of(to));
}

void request_close(struct request *request)
{
    buf_free(&request->why);
    buf_free(&request->instead);
}
