#include <errno.h>
#include <stdarg.h>
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
    link->conflicts = stream_error->type == XMPP_SE_CONFLICT;
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
    else if (error > 0 && error != ECONNRESET)
        snprintf(link->reason, sizeof link->reason, "%s", words_of(error));
    else
        snprintf(link->reason, sizeof link->reason, "the server closed the connection");
}

/* Logs a repeated failure only the 1st, 2nd, 4th, 8th … time. */
static bool is_worth_a_line(struct link *link)
{
    if (strcmp(link->reason, link->last_reason) != 0) {
        strcpy(link->last_reason, link->reason);
        link->failures = 0;
    }
    link->failures++;
    return (link->failures & (link->failures - 1)) == 0;
}

/* To the log, if it is worth a line, and to the user, who may show it as the present state. */
static __attribute__((format(printf, 4, 5))) void tell(struct link *link, enum log_level level,
                                                       bool worth, const char *format, ...)
{
    char line[2 * LINK_REASON_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (worth && !link->quiet)
        log_line(level, "%s", line);
    if (link->user.status)
        link->user.status(link->user.user, line);
}

void link_tell_up(struct link *link)
{
    const struct link_settings *settings = &link->settings;
    tell(link, LOG_INFO, true, "connected to %s:%u as %s", settings->host, settings->port,
         settings->domain);
}

void link_tell_loss(struct link *link, bool was_up, uint32_t pause_ms)
{
    const struct link_settings *settings = &link->settings;
    bool worth = is_worth_a_line(link);
    double pause = pause_ms / 1000.0;
    if (was_up && !link->hopeless)
        tell(link, LOG_WARN, worth, "lost %s:%u: %s; next try in %.1f s", settings->host,
             settings->port, link->reason, pause);
    else if (link->hopeless)
        tell(link, LOG_ERROR, worth, "%s:%u refused %s: %s; next try in %.1f s", settings->host,
             settings->port, settings->domain, link->reason, pause);
    else
        tell(link, LOG_ERROR, worth, "cannot reach %s:%u: %s; next try in %.1f s", settings->host,
             settings->port, link->reason, pause);
}
