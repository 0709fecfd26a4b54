/*
 * Stanzas that come back (XEP-0045, 18.1.2): whoever cannot be reached any more is no longer
 * inside. Only the session that bounced goes, not the user.
 */

#include "bounce.h"

#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "muc/do/handlers.h"
#include "muc/do/whisper.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"

/* The conditions that say: there is nobody (left) at this address, or nobody who can be reached. */
static const struct condition {
    const char *name;
    enum bounce_verdict verdict;
    bool of_domain;
} conditions[] = {
    {"gone", BOUNCE_FINAL, false},
    {"internal-server-error", BOUNCE_PASSING, false},
    {"item-not-found", BOUNCE_FINAL, false},
    {"jid-malformed", BOUNCE_FINAL, false},
    {"recipient-unavailable", BOUNCE_FINAL, false},
    {"redirect", BOUNCE_FINAL, false},
    {"remote-server-not-found", BOUNCE_FINAL, true},
    {"remote-server-timeout", BOUNCE_PASSING, true},
    {"resource-constraint", BOUNCE_PASSING, false},
    {"service-unavailable", BOUNCE_PASSING, false},
};

/* NULL: none of them. */
static const struct condition *condition_of(const struct request *request)
{
    const char *name = stanza_error_condition(request->stanza);
    for (size_t i = 0; name && i < sizeof conditions / sizeof *conditions; i++) {
        if (strcmp(conditions[i].name, name) == 0)
            return &conditions[i];
    }
    return NULL;
}

/* Whatever it says, it says that this may pass. */
static bool is_to_wait(const struct request *request)
{
    xmpp_stanza_t *error = stanza_child(request->stanza, "error", NULL);
    const char *type = error ? stanza_attr(error, "type") : NULL;
    return type && strcmp(type, "wait") == 0;
}

/* Presence that is refused, for whatever reason, keeps nobody inside; a message that does not say
 * why it comes back is not trusted to the end. */
enum bounce_verdict bounce_verdict(const struct request *request)
{
    const struct condition *condition = condition_of(request);
    if (condition)
        return is_to_wait(request) ? BOUNCE_PASSING : condition->verdict;
    if (request->kind == KIND_PRESENCE)
        return BOUNCE_FINAL;
    return stanza_error_condition(request->stanza) ? BOUNCE_HARMLESS : BOUNCE_PASSING;
}

bool bounce_is_of_domain(const struct request *request)
{
    const struct condition *condition = condition_of(request);
    return condition && condition->of_domain;
}

/* "Kicked: service unavailable: …"; the text may tell who somebody is, so not in a semi-anonymous
 * room. */
static char *describe(const struct request *request)
{
    struct buf text = BUF_INIT;
    const char *condition = stanza_error_condition(request->stanza);
    buf_add_text(&text, "Kicked: ");
    for (const char *c = condition ? condition : "presence error"; *c; c++)
        buf_add_char(&text, *c == '-' ? ' ' : *c);
    xmpp_stanza_t *error = stanza_child(request->stanza, "error", NULL);
    char *detail = error ? stanza_child_text(error, "text", NS_STANZA_ERRORS) : NULL;
    if (detail && *detail && request->room->config.whois == WHOIS_ANYONE) {
        size_t limit = request->service->settings.limits.reason_bytes;
        buf_add_text(&text, ": ");
        buf_add(&text, detail, utf8_cut(span_of(detail), limit));
    }
    free(detail);
    return buf_take(&text);
}

static void send_out(const struct request *request)
{
    char *text = describe(request);
    struct buf status = BUF_INIT;
    struct xml xml = xml_to(&status);
    xml_element(&xml, "status", NS_CLIENT, span_of(text));
    burial_add(request->session, buf_span(&status), !bounce_is_of_domain(request));
    buf_free(&status);
    free(text);
}

const struct stanza_error *bounce_session(struct request *request)
{
    if (whisper_bounce(request) || !request->session)
        return NULL;
    enum bounce_verdict verdict = bounce_verdict(request);
    if (verdict == BOUNCE_FINAL)
        send_out(request);
    else if (verdict == BOUNCE_PASSING)
        question_suspect(request->service, &request->from, bounce_is_of_domain(request));
    return NULL;
}
