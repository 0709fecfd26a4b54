#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coven/log.h"
#include "link/link_private.h"

/* What a server can say as it ends the stream. Hopeless is what will not pass by itself. */
struct condition {
    xmpp_error_type_t type;
    const char *name;
    const char *meaning; /* NULL: the name says it */
    bool hopeless;
};

static const struct condition conditions[] = {
    {XMPP_SE_NOT_AUTHORIZED, "not-authorized", "the secret is wrong", true},
    {XMPP_SE_HOST_UNKNOWN, "host-unknown", "it has no component of that name", true},
    {XMPP_SE_CONFLICT, "conflict", "another component is connected under that name", true},
    {XMPP_SE_HOST_GONE, "host-gone", "it no longer serves that name", true},
    {XMPP_SE_INVALID_NS, "invalid-namespace", "it expects no component at that port", true},
    {XMPP_SE_POLICY_VIOLATION, "policy-violation", NULL, false},
    {XMPP_SE_RESOURCE_CONSTRAINT, "resource-constraint", NULL, false},
    {XMPP_SE_SYSTEM_SHUTDOWN, "system-shutdown", "it shuts down", false},
    {XMPP_SE_XML_NOT_WELL_FORMED, "not-well-formed", "what came is not XMPP", false},
    {XMPP_SE_INVALID_XML, "invalid-xml", "it could not read what was sent", false},
    {XMPP_SE_CONN_TIMEOUT, "connection-timeout", NULL, false},
    {XMPP_SE_INTERNAL_SERVER_ERROR, "internal-server-error", NULL, false},
};

static const struct condition *condition_of(xmpp_error_type_t type)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (conditions[i].type == type)
            return &conditions[i];
    }
    return NULL;
}

static void reason_of_stream_error(struct link *link, const xmpp_stream_error_t *stream_error)
{
    const struct condition *condition = condition_of(stream_error->type);
    const char *name = condition ? condition->name : "stream error";
    const char *meaning = condition ? condition->meaning : NULL;
    const char *text = stream_error->text ? stream_error->text : "";
    link->told = true;
    link->hopeless = condition && condition->hopeless;
    snprintf(link->reason, sizeof link->reason, "%s%s%s%s%s%.120s%s", meaning ? meaning : name,
             meaning ? " (" : "", meaning ? name : "", meaning ? ")" : "", *text ? ": \"" : "",
             text, *text ? "\"" : "");
}

static const char *words_of(int error)
{
    return uv_strerror(uv_translate_sys_error(error));
}

/* Fills link->reason, unless something better is known already. */
void link_reason_of(struct link *link, int error, const xmpp_stream_error_t *stream_error)
{
    if (link->reason[0] != '\0')
        return;
    if (stream_error)
        reason_of_stream_error(link, stream_error);
    else if (link->connect_error != 0)
        snprintf(link->reason, sizeof link->reason, "%s", words_of(link->connect_error));
    else if (error != 0 && error != ECONNRESET)
        snprintf(link->reason, sizeof link->reason, "%s", words_of(error));
    else
        snprintf(link->reason, sizeof link->reason, "the server closed the connection");
}

/* The same again is worth a line less and less often. */
static bool is_worth_a_line(struct link *link)
{
    if (strcmp(link->reason, link->last_reason) != 0) {
        strcpy(link->last_reason, link->reason);
        link->failures = 0;
    }
    link->failures++;
    return (link->failures & (link->failures - 1)) == 0;
}

void link_log_loss(struct link *link, bool was_up, uint32_t pause_ms)
{
    const struct link_settings *settings = &link->settings;
    if (link->quiet || !is_worth_a_line(link))
        return;
    double pause = pause_ms / 1000.0;
    if (was_up && !link->hopeless)
        log_warn("lost %s:%u: %s; next try in %.1f s", settings->host, settings->port, link->reason,
                 pause);
    else if (link->hopeless)
        log_error("%s:%u refused %s: %s; next try in %.1f s", settings->host, settings->port,
                  settings->domain, link->reason, pause);
    else
        log_error("cannot reach %s:%u: %s; next try in %.1f s", settings->host, settings->port,
                  link->reason, pause);
}
