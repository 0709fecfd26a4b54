#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coven/log.h"
#include "link/link_private.h"

/* The stream errors (RFC 6120, 4.9.3) that a server may end the stream with. */
struct stream_condition {
    xmpp_error_type_t type;
    const char *name;
    const char *meaning; /* NULL: the name says it */
    enum link_ending ending;
};

static const struct stream_condition stream_conditions[] = {
    {XMPP_SE_NOT_AUTHORIZED, "not-authorized", "the secret is wrong", LINK_REFUSED},
    {XMPP_SE_HOST_UNKNOWN, "host-unknown", "the server has no component of that name",
     LINK_REFUSED},
    {XMPP_SE_CONFLICT, "conflict", "another component is connected under that name",
     LINK_CONFLICTED},
    {XMPP_SE_HOST_GONE, "host-gone", "the server no longer serves that name", LINK_REFUSED},
    {XMPP_SE_INVALID_NS, "invalid-namespace", "the server expects no component on that port",
     LINK_REFUSED},
    {XMPP_SE_POLICY_VIOLATION, "policy-violation", NULL, LINK_DISMISSED},
    {XMPP_SE_RESOURCE_CONSTRAINT, "resource-constraint", NULL, LINK_DISMISSED},
    {XMPP_SE_SYSTEM_SHUTDOWN, "system-shutdown", "the server is shutting down", LINK_DISMISSED},
    {XMPP_SE_XML_NOT_WELL_FORMED, "not-well-formed", "malformed XML", LINK_DISMISSED},
    {XMPP_SE_INVALID_XML, "invalid-xml", "the server rejected the XML", LINK_DISMISSED},
    {XMPP_SE_CONN_TIMEOUT, "connection-timeout", NULL, LINK_DISMISSED},
    {XMPP_SE_INTERNAL_SERVER_ERROR, "internal-server-error", NULL, LINK_DISMISSED},
};

static const struct stream_condition *stream_condition_of(xmpp_error_type_t type)
{
    for (size_t i = 0; i < sizeof stream_conditions / sizeof *stream_conditions; i++) {
        if (stream_conditions[i].type == type)
            return &stream_conditions[i];
    }
    return NULL;
}

static void note_stream_error(struct link *link, const xmpp_stream_error_t *stream_error)
{
    const struct stream_condition *condition = stream_condition_of(stream_error->type);
    const char *name = condition ? condition->name : "stream error";
    const char *meaning = condition ? condition->meaning : NULL;
    const char *text = stream_error->text ? stream_error->text : "";
    link->ending = condition ? condition->ending : LINK_DISMISSED;
    snprintf(link->reason, sizeof link->reason, "%s%s%s%s%s%.120s%s", meaning ? meaning : name,
             meaning ? " (" : "", meaning ? name : "", meaning ? ")" : "", *text ? ": \"" : "",
             text, *text ? "\"" : "");
}

static const char *words_of(int error)
{
    return uv_strerror(uv_translate_sys_error(error));
}

void link_reason_clear(struct link *link)
{
    link->ending = LINK_BROKEN;
    link->reason[0] = '\0';
    link->connect_error = 0;
}

void link_reason_note(struct link *link, int error, const xmpp_stream_error_t *stream_error)
{
    if (link->reason[0] != '\0')
        return;
    if (stream_error)
        note_stream_error(link, stream_error);
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
    if (strcmp(link->reason, link->logged_reason) != 0) {
        strcpy(link->logged_reason, link->reason);
        link->failures = 0;
    }
    link->failures++;
    return (link->failures & (link->failures - 1)) == 0;
}

static __attribute__((format(printf, 4, 5))) void
tell_status(struct link *link, enum log_level level, bool worth, const char *format, ...)
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
    tell_status(link, LOG_INFO, true, "connected to %s:%u as %s", settings->host, settings->port,
                settings->domain);
}

void link_tell_loss(struct link *link, bool was_up, uint32_t pause_ms)
{
    const struct link_settings *settings = &link->settings;
    bool worth = is_worth_a_line(link);
    double pause = pause_ms / 1000.0;
    bool is_refused = link->ending >= LINK_REFUSED;
    if (was_up && !is_refused)
        tell_status(link, LOG_WARN, worth, "lost the connection to %s:%u: %s; next try in %.1f s",
                    settings->host, settings->port, link->reason, pause);
    else if (is_refused)
        tell_status(link, LOG_ERROR, worth, "%s:%u refused %s: %s; next try in %.1f s",
                    settings->host, settings->port, settings->domain, link->reason, pause);
    else
        tell_status(link, LOG_ERROR, worth, "cannot reach %s:%u: %s; next try in %.1f s",
                    settings->host, settings->port, link->reason, pause);
}
