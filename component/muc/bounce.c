/*
 * Stanzas that come back (XEP-0045, 18.1.2): whoever cannot be reached any more is no longer
 * inside. Only the session that bounced goes, not the user.
 */

#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "handlers.h"
#include "leave.h"
#include "occupant.h"
#include "room.h"
#include "service_state.h"

/* The conditions that say: there is nobody (left) at this address. */
static const char *const fatal[] = {
    "gone",
    "internal-server-error",
    "item-not-found",
    "jid-malformed",
    "recipient-unavailable",
    "redirect",
    "remote-server-not-found",
    "remote-server-timeout",
    "service-unavailable",
};

static bool is_fatal(const struct request *request, const char *condition)
{
    if (request->kind == KIND_PRESENCE)
        return true;
    if (!condition)
        return request->cut;
    /* Servers say the same for somebody who blocks the sender of a private message. */
    if (strcmp(condition, "service-unavailable") == 0 && jid_has_resource(&request->to))
        return false;
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        if (strcmp(condition, fatal[i]) == 0)
            return true;
    }
    return false;
}

/* "Kicked: service unavailable: …"; the text may tell who somebody is, so not in a semi-anonymous
 * room. */
static char *describe(const struct request *request, const char *condition)
{
    struct buf text = BUF_INIT;
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

const struct stanza_error *session_bounce(struct request *request)
{
    struct session *session = request->session;
    const char *condition = stanza_error_condition(request->stanza);
    if (!session || !is_fatal(request, condition))
        return NULL;
    char *text = describe(request, condition);
    struct buf status = BUF_INIT;
    struct xml xml = xml_to(&status);
    xml_element(&xml, "status", NS_CLIENT, span_of(text));
    struct presence_event event = presence_event_gone(session->occupant);
    presence_event_code(&event, 333);
    event.payload = buf_span(&status);
    session_depart(session, &event);
    buf_free(&status);
    free(text);
    return NULL;
}
