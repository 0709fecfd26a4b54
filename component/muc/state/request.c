#include "request.h"

#include <string.h>

#include "coven/log.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/limit/quota.h"
#include "room.h"
#include "service_state.h"

#define ID_BYTES_MAX 1024 /* nobody has a longer one, and it comes back in every answer */

static const char *const kind_names[] = {"message", "presence", "iq"};

static enum stanza_kind kind_of(xmpp_stanza_t *stanza)
{
    for (int i = 0; i < KIND_OTHER; i++) {
        if (stanza_is(stanza, kind_names[i], NULL))
            return (enum stanza_kind)i;
    }
    return KIND_OTHER;
}

/* Of an address that is none: the room, if that much can be read, or else the service. */
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
    request->why = BUF_INIT;
    request->offence = NULL;
    request->limit = NULL;
    return request->kind != KIND_OTHER && from && to && jid_parse(span_of(from), &request->from) &&
           read_to(request, span_of(to));
}

void request_close(struct request *request)
{
    buf_free(&request->why);
}

/* Answers to questions, and refusals, have an order of their own, that of who gets them: however
 * many they are, they hold up nobody else. What was done in the room is told in the room's order.
 * The caller owns the reference. */
static struct lane *lane_of(const struct request *request)
{
    bool asks = request->kind == KIND_IQ && request->type && strcmp(request->type, "get") == 0;
    struct span room = request->room ? room_node(request->room) : span_of("");
    bool own = asks || request->refused;
    return outbox_lane(request->service->outbox, own ? jid_bare(&request->from) : room);
}

bool request_fits(const struct request *request, const struct draft *draft)
{
    return draft_fits(draft, request->service->settings.limits.stanza_bytes);
}

void request_send(struct request *request, struct draft *draft)
{
    if (request_fits(request, draft)) {
        struct lane *lane = lane_of(request);
        outbox_send(request->service->outbox, lane, draft_close(draft));
        lane_unref(lane);
        return;
    }
    request->offence = NULL; /* that may be what was too large */
    request_refuse(request, request_exceeds(request, "stanza_bytes", &error_policy_violation));
}

struct draft request_result_open(struct request *request)
{
    struct draft draft =
        draft_open(request->service, "iq", jid_full(&request->to), "result", request->id);
    draft_to(&draft, jid_full(&request->from));
    return draft;
}

void request_result(struct request *request)
{
    struct draft draft = request_result_open(request);
    request_send(request, &draft);
}

/* Errors and results are the end of a conversation, and nobody waits for an answer to a leave. */
static bool is_never_answered(const struct request *request)
{
    static const char *const final[] = {"error", "result", "unavailable"};
    for (size_t i = 0; request->type && i < sizeof final / sizeof *final; i++) {
        if (strcmp(request->type, final[i]) == 0)
            return true;
    }
    return false;
}

/* What could not be granted goes back (8.4), without a reason, which may be long. */
static void write_offence(struct xml *xml, xmpp_stanza_t *item)
{
    static const char *const names[] = {"affiliation", "jid", "nick", "role"};
    xml_open(xml, "query", NS_MUC_ADMIN);
    xml_open(xml, "item", NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        xml_attr_text(xml, names[i], stanza_attr(item, names[i]));
    xml_close(xml);
    xml_close(xml);
}

/* Whoever debugs wants every refusal; of limits everybody wants to know. */
static void log_refusal(const struct request *request, const struct stanza_error *error)
{
    const char *why = request->why.len > 0 ? request->why.data : "";
    if (request->limit)
        limit_log_hit(request->service, jid_bare(&request->from), request->limit);
    log_debug("refused a stanza (%s, type %s) from %s to %s: %s%s%s%s%s", kind_names[request->kind],
              request->type ? request->type : "none", request->from.text, request->to.text,
              error->condition, *why ? ": " : "", why, request->limit ? "; limit: " : "",
              request->limit ? request->limit : "");
}

void request_refuse(struct request *request, const struct stanza_error *error)
{
    if (is_never_answered(request))
        return;
    log_refusal(request, error);
    request->refused = true;
    if (!quota_allows_refusal(request))
        return;
    struct draft draft = draft_open(request->service, kind_names[request->kind],
                                    jid_full(&request->to), "error", request->id);
    draft_to(&draft, jid_full(&request->from));
    /* Clients tell a refused join by this element; it comes back without the password in it. */
    if (request->kind == KIND_PRESENCE && stanza_child(request->stanza, "x", NS_MUC))
        xml_element(&draft.xml, "x", NS_MUC, span_of(""));
    if (request->offence)
        write_offence(&draft.xml, request->offence);
    if (error == &error_policy_violation && request->why.len == 0)
        buf_add_text(&request->why, "That is more than this service allows");
    stanza_error_write(&draft.xml, error, jid_bare(&request->to), buf_span(&request->why));
    request_send(request, &draft);
}
