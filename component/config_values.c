#include "config_values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "coven/jid.h"
#include "coven/log.h"
#include "coven/utf8.h"

#define PORT_DEFAULT 5347
#define HOST_BYTES   256

static bool is_ipv6(struct span host)
{
    char text[HOST_BYTES];
    struct in6_addr address;
    if (host.len >= sizeof text)
        return false;
    memcpy(text, host.at, host.len);
    text[host.len] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_host_name(struct span host)
{
    for (size_t i = 0; i < host.len; i++) {
        unsigned char byte = (unsigned char)host.at[i];
        if (!isalnum(byte) && byte < 0x80 && !strchr("-._", byte))
            return false;
    }
    return host.len > 0 && host.len < HOST_BYTES;
}

static bool read_port(const char *text, uint16_t *port_r)
{
    size_t len = strlen(text);
    if (len == 0 || len > 5 || strspn(text, "0123456789") != len)
        return false;
    unsigned long port = strtoul(text, NULL, 10);
    *port_r = (uint16_t)port;
    return port > 0 && port <= UINT16_MAX;
}

bool config_split_server(const char *text, struct span *host, uint16_t *port_r)
{
    *port_r = PORT_DEFAULT;
    *host = span_of(text);
    if (is_ipv6(*host))
        return true;
    const char *colon = strchr(text, ':'), *close = strchr(text, ']');
    if (*text == '[' && close) {
        *host = (struct span){text + 1, (size_t)(close - text - 1)};
        return is_ipv6(*host) && (!close[1] || (close[1] == ':' && read_port(close + 2, port_r)));
    }
    if (colon)
        host->len = (size_t)(colon - text);
    return is_host_name(*host) && (!colon || read_port(colon + 1, port_r));
}

const char *config_server_fault(const char *text)
{
    struct span host;
    uint16_t port;
    return config_split_server(text, &host, &port) ? NULL : "HOST:PORT";
}

const char *config_domain_fault(const char *text)
{
    struct jid jid;
    bool good = jid_parse(span_of(text), &jid) && jid.node_len == 0 && !jid_has_resource(&jid);
    return good ? NULL : "the name of a domain";
}

const char *config_level_fault(const char *text)
{
    enum log_level level;
    return log_level_named(text, &level) ? NULL : "error, warn, info or debug";
}

const char *config_restart_fault(const char *text)
{
    bool known = strcmp(text, "silent") == 0 || strcmp(text, "stop") == 0;
    return known ? NULL : "silent or stop";
}

const char *config_synchronous_fault(const char *text)
{
    bool known = strcmp(text, "full") == 0 || strcmp(text, "normal") == 0;
    return known ? NULL : "full or normal";
}

/* Whatever may stand in XML, on one line. */
const char *config_text_fault(const char *text)
{
    bool good = utf8_is_xml(span_of(text));
    for (const char *at = text; *at && good; at++)
        good = !iscntrl((unsigned char)*at);
    return good ? NULL : "UTF-8 without control characters";
}
