/* Bounced stanzas (XEP-0045, 18.1.2): a session that cannot be reached any more leaves the room,
 * and only that session of the user. */

#include "bounce.h"

#include <stdlib.h>

#include "bounce_verdict.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "ghosts.h"
#include "muc/do/private_bounce.h"
#include "muc/state/service_state.h"
#include "question.h"

/* "Kicked: service unavailable: …". The error's text may reveal who the occupant is, so a
 * semi-anonymous room does not show it. */
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
    ghosts_add(request->session, span_of(text), !bounce_verdict_is_of_domain(request));
    free(text);
}

const struct stanza_error *bounce_session(struct request *request)
{
    if (private_bounce_handle(request) || !request->session)
        return NULL;
    enum bounce_verdict verdict = bounce_verdict_of(request);
    if (verdict == BOUNCE_FINAL)
        send_out(request);
    else if (verdict == BOUNCE_PASSING)
        question_suspect(request->service, &request->from, bounce_verdict_is_of_domain(request));
    return NULL;
}
