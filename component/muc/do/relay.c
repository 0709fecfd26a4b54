#include "relay.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/id.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/say/draft.h"
#include "muc/say/redact.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

#define EXPIRED_MAX 2000 /* in one turn: a few milliseconds */

/* An open IQ. It does not need its room: the asked client may answer after it has left, and the
 * asker gets one answer even if the room ends. */
struct relay {
    struct table_link link;       /* in the service's table, by id */
    char id[ID_TEXT_SIZE];        /* the id that was sent on; nobody can guess it */
    struct permit_holder *holder; /* of the user who asks */
    char *asker;                  /* full JID */
    char *asker_id;               /* id of the original IQ; NULL: none */
    char *occupant;               /* the address that the IQ was sent to */
    char *answerer;               /* the full JID that was asked: only it may answer */
    int64_t due_ms;
    bool fresh, done; /* sent, answered in this turn */
    bool touched;     /* it is in the list of this turn */
    struct relay *prev, *next;
    struct relay *next_touched;
};

static unsigned id_hash(const struct service *service, struct span id)
{
    return hash_span(&service->seed, id);
}

static void touch(struct service *service, struct relay *relay)
{
    if (relay->touched)
        return;
    relay->touched = true;
    relay->next_touched = service->relays->touched;
    service->relays->touched = relay;
}

static void relay_free(struct service *service, struct relay *relay)
{
    table_remove(&service->relays->by_id, &relay->link);
    DL_DELETE(service->relays->oldest, relay);
    permits_give_back(&service->relays->permits, relay->holder);
    free(relay->asker);
    free(relay->asker_id);
    free(relay->occupant);
    free(relay->answerer);
    free(relay);
}

static char *text_of(struct span span)
{
    return mem_copy(span.at, span.len);
}

static void relay_add(const struct request *request, struct span answerer, const char *id)
{
    struct service *service = request->service;
    struct relay *relay = mem_new(sizeof *relay);
    memcpy(relay->id, id, sizeof relay->id);
    relay->holder =
        permits_take(&service->relays->permits, &service->seed, jid_bare(&request->from));
    relay->asker = text_of(jid_full(&request->from));
    relay->asker_id = mem_string(request->id);
    relay->occupant = text_of(jid_full(&request->to));
    relay->answerer = text_of(answerer);
    relay->due_ms = service->mono_ms + (int64_t)service->settings.limits.relay_seconds * 1000;
    relay->fresh = true;
    table_add(&service->relays->by_id, &relay->link, id_hash(service, span_of(relay->id)));
    DL_APPEND(service->relays->oldest, relay);
    touch(service, relay);
}

/* ---- Asking ---- */

/* Users may always ask themselves, and ping anybody: pings tell who is still there. */
static bool may_ask(const struct request *request, const struct occupant *occupant)
{
    const struct occupant *asker = request->session->occupant;
    return options_allow(request->room->config.allow_queries, asker->role) ||
           occupant->user == asker->user || stanza_is(request->payload, "ping", NS_PING);
}

static const struct stanza_error *admit(struct request *request)
{
    const struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    unsigned count = service->relays->permits.count;
    unsigned own =
        permits_held(&service->relays->permits, &service->seed, jid_bare(&request->from));
    if (count >= limits->relays)
        return request_exceeds(request, "relays", &error_resource_constraint);
    if (!permits_allow(own, limits->user_relays, count, limits->relays))
        return request_exceeds(request, "user_relays", &error_resource_constraint);
    return NULL;
}

/* The user's server answers for what the user publishes, even if no client is there. */
static bool account_answers(const struct request *request)
{
    static const char *const published[] = {NS_VCARD, NS_VCARD4, NS_PUBSUB};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        if (stanza_is(request->payload, NULL, published[i]))
            return strcmp(request->type, "get") == 0;
    }
    return false;
}

/* The occupant's face gets the IQ: there can be only one answer. */
static struct span answerer_of(const struct request *request, const struct occupant *occupant)
{
    return account_answers(request) ? span_of(occupant_bare(occupant))
                                    : session_jid(occupant_face(occupant));
}

const struct stanza_error *relay_iq(struct request *request)
{
    struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    const struct occupant *occupant = occupant_find(request->room, request_nick(request));
    if (!request->payload)
        return &error_bad_request;
    if (!occupant)
        return &refusal_no_occupant;
    if (!may_ask(request, occupant))
        return &refusal_no_queries;
    const struct stanza_error *error = admit(request);
    if (error)
        return error;
    char id[ID_TEXT_SIZE];
    struct span answerer = answerer_of(request, occupant);
    id_random_text(id);
    struct draft draft =
        draft_open(service, "iq", occupant_address(request->session->occupant), request->type, id);
    xml_attr_text(&draft.xml, "xml:lang", stanza_attr(request->stanza, "xml:lang"));
    draft_to(&draft, answerer);
    xml_copy(&draft.xml, request->payload);
    if (!draft_fits(&draft, limits->stanza_bytes))
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    relay_add(request, answerer, id);
    struct lane *lane = outbox_lane(service->outbox, jid_bare(&request->from));
    outbox_send(service->outbox, lane, draft_close(&draft));
    lane_unref(lane);
    return NULL;
}

/* ---- Answering ---- */

static struct draft reply_open(struct service *service, const struct relay *relay, const char *type)
{
    struct draft draft = draft_open(service, "iq", span_of(relay->occupant), type, relay->asker_id);
    draft_to(&draft, span_of(relay->asker));
    return draft;
}

static void reply_send(struct service *service, struct relay *relay, struct lane *lane,
                       struct draft *draft)
{
    relay->done = true;
    touch(service, relay);
    outbox_send(service->outbox, lane, draft_close(draft));
}

static void reply_error(struct service *service, struct relay *relay, struct lane *lane,
                        const struct stanza_error *error)
{
    struct draft draft = reply_open(service, relay, "error");
    stanza_error_write(&draft.xml, error,
                       &(struct stanza_error_details){.text = span_of(error->text)});
    reply_send(service, relay, lane, &draft);
}

/* Writes what redact_error_open() leaves of an error, and application-specific conditions. */
static void write_error(struct xml *xml, xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *error = stanza_child(stanza, "error", NULL);
    xmpp_stanza_t *child = error ? stanza_child(error, NULL, NULL) : NULL;
    redact_error_open(xml, stanza);
    for (; child; child = stanza_next(child, NULL, NULL)) {
        if (!stanza_is(child, NULL, NS_STANZA_ERRORS))
            redact_copy(xml, child);
    }
    xml_close(xml);
}

static bool has_id(const struct table_link *link, struct span id)
{
    return span_is(id, TABLE_ITEM(link, const struct relay, link)->id);
}

static struct relay *find(const struct request *request)
{
    struct service *service = request->service;
    struct span id = span_of(request->id);
    struct table_link *link = table_find(&service->relays->by_id, id_hash(service, id), has_id, id);
    struct relay *relay = link ? TABLE_ITEM(link, struct relay, link) : NULL;
    bool open = relay && !relay->done && span_is(jid_full(&request->from), relay->answerer);
    return open ? relay : NULL;
}

const struct stanza_error *relay_answer(struct request *request)
{
    struct service *service = request->service;
    struct lane *lane = request->room ? request->room->lane : service->lane;
    struct relay *relay = find(request);
    if (!relay)
        return NULL;
    bool failed = strcmp(request->type, "error") == 0;
    struct draft draft = reply_open(service, relay, request->type);
    if (failed)
        write_error(&draft.xml, request->stanza);
    else if (request->payload)
        redact_copy(&draft.xml, request->payload);
    bool whole = failed || !request->cut;
    if (whole && draft_fits(&draft, service->settings.limits.stanza_bytes))
        reply_send(service, relay, lane, &draft);
    else
        reply_error(service, relay, lane, &error_policy_violation);
    return NULL;
}

/* ---- Turns and time ---- */

bool relays_expire(struct service *service)
{
    struct relay *relay = service->relays->oldest;
    unsigned left = EXPIRED_MAX;
    for (; relay && relay->due_ms <= service->mono_ms && left > 0; relay = relay->next, left--) {
        if (!relay->done)
            reply_error(service, relay, service->lane, &error_remote_server_timeout);
    }
    return left > 0;
}

void relays_settle(struct service *service, bool committed)
{
    struct relay *relay = service->relays->touched;
    service->relays->touched = NULL;
    while (relay) {
        struct relay *next = relay->next_touched;
        bool over = committed ? relay->done : relay->fresh;
        relay->fresh = relay->done = relay->touched = false;
        if (over)
            relay_free(service, relay);
        relay = next;
    }
}

void relays_free(struct service *service)
{
    while (service->relays->oldest)
        relay_free(service, service->relays->oldest);
    free(service->relays);
}
