#include "bounce_verdict.h"

#include <string.h>

#include "coven/stanza.h"
#include "coven/stanza_error.h"
#include "muc/state/occupant.h"
#include "muc/state/request.h"
#include "muc/state/session.h"

/* The conditions that say something about the session: it does not exist, or cannot be reached. */
static const struct known_condition {
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

/* NULL: another condition, or none at all. */
static const struct known_condition *condition_of(const struct request *request)
{
    const char *name = stanza_error_condition(request->stanza);
    for (size_t i = 0; name && i < sizeof conditions / sizeof *conditions; i++) {
        if (strcmp(conditions[i].name, name) == 0)
            return &conditions[i];
    }
    return NULL;
}

/* An error of type wait may pass, no matter what its condition says. */
static bool is_to_wait(const struct request *request)
{
    xmpp_stanza_t *error = stanza_child(request->stanza, "error", NULL);
    const char *type = error ? stanza_attr(error, "type") : NULL;
    return type && strcmp(type, "wait") == 0;
}

/* Does a client take itself out? Its presence error names the room, which has hardly a presence of
 * its own, or its own nick. A server names what came back, which may be the session's own presence
 * or the room's avatar; so an error of type wait stays the server's. */
static bool is_own_word(const struct request *request)
{
    const struct session *session = request->session;
    if (request->kind != KIND_PRESENCE || !session || is_to_wait(request))
        return false;
    return !jid_has_resource(&request->to) ||
           occupant_find(request->room, request_nick(request)) == session->occupant;
}

static enum bounce_verdict verdict_of_known(const struct request *request,
                                            const struct known_condition *condition)
{
    if (is_own_word(request) && !condition->of_domain)
        return BOUNCE_FINAL;
    return is_to_wait(request) ? BOUNCE_PASSING : condition->verdict;
}

/* A client whose server refuses presence, for any reason, is not inside. A message that comes back
 * without a condition proves less: the session is asked first. */
enum bounce_verdict bounce_verdict_of(const struct request *request)
{
    const struct known_condition *condition = condition_of(request);
    if (condition)
        return verdict_of_known(request, condition);
    if (request->kind == KIND_PRESENCE)
        return BOUNCE_FINAL;
    return stanza_error_condition(request->stanza) ? BOUNCE_HARMLESS : BOUNCE_PASSING;
}

bool bounce_verdict_is_of_domain(const struct request *request)
{
    const struct known_condition *condition = condition_of(request);
    return condition && condition->of_domain;
}
