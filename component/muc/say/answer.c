#include "answer.h"

#include <string.h>

#include "coven/log.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/limit/limit_log.h"
#include "muc/limit/limit_text.h"
#include "muc/limit/quota.h"
#include "muc/state/service_state.h"

/* Answers to queries, and refusals, go by a lane of the asker's own, so that many of them hold up
 * nobody else. Results of what was done in a room go by the room's lane, in its order. The caller
 * owns the reference. */
static struct lane *lane_of(const struct request *request)
{
    bool asks = request->kind == KIND_IQ && request->type && strcmp(request->type, "get") == 0;
    struct span room = request->room ? room_node(request->room) : span_of("");
    bool own = asks || request->apart || request->refused;
    return outbox_lane(request->service->outbox, own ? jid_bare(&request->from) : room);
}

static void send(const struct request *request, struct draft *draft)
{
    struct rendered *stanza = draft_close(draft);
    if (request->quiet) {
        rendered_unref(stanza);
        return;
    }
    struct lane *lane = lane_of(request);
    outbox_send(request->service->outbox, lane, stanza);
    lane_unref(lane);
}

static bool fits(const struct request *request, const struct draft *draft)
{
    return draft_fits(draft, request->service->settings.limits.stanza_bytes);
}

void answer_send(struct request *request, struct draft *draft)
{
    if (fits(request, draft)) {
        send(request, draft);
        return;
    }
    answer_refuse(request, request_exceeds(request, "stanza_bytes", &error_policy_violation));
}

struct draft answer_open(struct request *request)
{
    struct draft draft =
        draft_open(request->service, "iq", jid_full(&request->to), "result", request->id);
    draft_to(&draft, jid_full(&request->from));
    return draft;
}

void answer_result(struct request *request)
{
    struct draft draft = answer_open(request);
    answer_send(request, &draft);
}

/* Errors and results are never answered, and nobody waits for an answer to a leave. */
static bool is_never_answered(const struct request *request)
{
    static const char *const final[] = {"error", "result", "unavailable"};
    for (size_t i = 0; request->type && i < sizeof final / sizeof *final; i++) {
        if (strcmp(request->type, final[i]) == 0)
            return true;
    }
    return false;
}

/* Sends the refused item back (8.4), without its reason, which may be long. */
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

/* Counts every refusal, and logs it at level debug, and refusals for a limit also for the operator.
 */
static void log_refusal(const struct request *request, const struct stanza_error *error)
{
    struct counts *counts = counts_of(request->service);
    counts_add_named(counts->refusals, COUNTS_REASONS, error->condition);
    if (request->limit)
        counts_add_named(counts->limits, COUNTS_LIMITS, request->limit);
    const char *why = request->why.len > 0 ? request->why.data : "";
    if (request->limit)
        limit_log_hit(request->service, jid_bare(&request->from), request->limit);
    log_debug("refused a stanza (%s, type %s) from %s to %s: %s%s%s%s%s",
              request_kind_names[request->kind], request->type ? request->type : "none",
              request->from.text, request->to.text, error->condition, *why ? ": " : "", why,
              request->limit ? "; limit: " : "", request->limit ? request->limit : "");
}

/* What the handler wrote counts first, then what the limit says, then the error's own text. */
static struct span text_of(struct request *request, const struct stanza_error *error)
{
    if (request->why.len == 0 && request->limit)
        limit_text_add(request, &request->why);
    return request->why.len > 0 ? buf_span(&request->why) : span_of(error->text);
}

/* `whole`: with the refused item and a text. */
static struct draft render_refusal(struct request *request, const struct stanza_error *error,
                                   bool whole)
{
    struct draft draft = draft_open(request->service, request_kind_names[request->kind],
                                    jid_full(&request->to), "error", request->id);
    draft_to(&draft, jid_full(&request->from));
    /* Clients recognise a refused join by this element; it comes back without the password. */
    if (request->kind == KIND_PRESENCE && stanza_child(request->stanza, "x", NS_MUC))
        xml_element(&draft.xml, "x", NS_MUC, span_of(""));
    if (request->offence && whole)
        write_offence(&draft.xml, request->offence);
    struct stanza_error_details details = {
        .by = jid_bare(&request->to),
        .instead = buf_span(&request->instead),
        .specific_ns = NS_COMMANDS,
        .specific = request->complaint,
        .text = whole ? text_of(request, error) : span_of(error->text),
    };
    stanza_error_write(&draft.xml, error, &details);
    return draft;
}

/* What the sender wrote may make a refusal too large to be sent; then another one takes its place.
 */
void answer_refuse(struct request *request, const struct stanza_error *error)
{
    if (is_never_answered(request))
        return;
    log_refusal(request, error);
    request->refused = true;
    if (!quota_allows_refusal(request))
        return;
    struct draft draft = render_refusal(request, error, true);
    if (!fits(request, &draft))
        draft = render_refusal(request, &error_policy_violation, false);
    send(request, &draft);
}
