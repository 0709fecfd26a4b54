#include "config_value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "coven/room_option.h"
#include "coven/utf8.h"

#define PORT_DEFAULT 5347
#define HOST_BYTES   256

/* ---- Numbers and choices ---- */

static void store_number(const struct config_key *key, void *member, uint64_t number)
{
    if (key->width == sizeof(bool)) {
        *(bool *)member = number > 0;
    } else if (key->width == sizeof(uint32_t)) {
        *(uint32_t *)member = (uint32_t)number;
    } else {
        coven_assert(key->width == sizeof(uint64_t));
        *(uint64_t *)member = number;
    }
}

static bool set_number(const struct config_key *key, void *member, const char *text)
{
    bool is_number = text[strspn(text, "0123456789")] == '\0' && strlen(text) <= 18;
    uint64_t number = is_number ? strtoull(text, NULL, 10) : 0;
    if (!is_number || number < key->min || number > key->max)
        return false;
    store_number(key, member, number * key->scale);
    return true;
}

static bool set_choice(const struct config_key *key, void *member, const char *text)
{
    for (unsigned i = 0; key->words[i]; i++) {
        if (strcmp(key->words[i], text) == 0) {
            store_number(key, member, i);
            return true;
        }
    }
    return false;
}

/* ---- Texts ---- */

static void replace_text(const char **member, char *text)
{
    free((void *)*member);
    *member = text;
}

static bool set_path(const struct config_key *key, void *member, const char *text)
{
    (void)key;
    replace_text(member, mem_string(text));
    return true;
}

static bool set_text(const struct config_key *key, void *member, const char *text)
{
    bool is_good = utf8_is_xml(span_of(text));
    for (const char *at = text; *at && is_good; at++)
        is_good = !iscntrl((unsigned char)*at);
    return is_good && set_path(key, member, text);
}

static bool set_url(const struct config_key *key, void *member, const char *text)
{
    static const char other[] = "-._~:/?#[]@!$&()*+,;=%"; /* beside letters and digits */
    const char *host = strstr(text, "://");
    bool is_web = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
    bool is_good = is_web && isalnum((unsigned char)host[3]);
    for (const char *at = text; *at && is_good; at++)
        is_good = (*at & 0x80) == 0 && (isalnum((unsigned char)*at) || strchr(other, *at));
    return is_good && set_path(key, member, text);
}

static bool set_domain(const struct config_key *key, void *member, const char *text)
{
    struct jid jid;
    (void)key;
    if (!jid_parse(span_of(text), &jid) || jid.node_len > 0 || jid_has_resource(&jid))
        return false;
    replace_text(member, mem_copy(jid.text, jid.domain_len));
    return true;
}

static void clear_text(void *member)
{
    replace_text(member, NULL);
}

/* ---- The server: HOST:PORT, [ADDRESS]:PORT, or HOST alone ---- */

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

static bool split_server(const char *text, struct span *host_r, uint16_t *port_r)
{
    *port_r = PORT_DEFAULT;
    *host_r = span_of(text);
    if (is_ipv6(*host_r))
        return true;
    const char *colon = strchr(text, ':'), *close = strchr(text, ']');
    if (*text == '[' && close) {
        *host_r = (struct span){text + 1, (size_t)(close - text - 1)};
        return is_ipv6(*host_r) && (!close[1] || (close[1] == ':' && read_port(close + 2, port_r)));
    }
    if (colon)
        host_r->len = (size_t)(colon - text);
    return is_host_name(*host_r) && (!colon || read_port(colon + 1, port_r));
}

static bool set_server(const struct config_key *key, void *member, const char *text)
{
    struct link_settings *link = member;
    struct span host;
    uint16_t port;
    (void)key;
    if (!split_server(text, &host, &port))
        return false;
    replace_text(&link->host, mem_copy(host.at, host.len));
    link->port = port;
    return true;
}

static void clear_server(void *member)
{
    clear_text(&((struct link_settings *)member)->host);
}

/* ---- Lists of addresses ---- */

static bool add_address(const struct config_key *key, void *member, const char *text)
{
    const char *const **list = member;
    struct jid jid;
    size_t count = 0;
    (void)key;
    if (!jid_parse(span_of(text), &jid) || jid_has_resource(&jid))
        return false;
    while (*list && (*list)[count])
        count++;
    const char **longer = mem_resize((void *)*list, (count + 2) * sizeof *longer);
    longer[count] = mem_copy(jid.text, jid.bare_len);
    longer[count + 1] = NULL;
    *list = longer;
    return true;
}

static void clear_addresses(void *member)
{
    const char *const **list = member;
    for (size_t i = 0; *list && (*list)[i]; i++)
        free((void *)(*list)[i]);
    free((void *)*list);
    *list = NULL;
}

/* ---- Sets of a room's options ---- */

static bool add_options(const struct config_key *key, void *member, const char *text)
{
    bool set[ROOM_OPTIONS_MAX];
    coven_assert(key->width == sizeof set);
    memcpy(set, member, sizeof set);
    while (*text) {
        size_t len = strcspn(text, " \t");
        int place = room_option_find((struct span){text, len});
        if (place < 0 || set[place])
            return false;
        set[place] = true;
        text += len + strspn(text + len, " \t");
    }
    memcpy(member, set, sizeof set);
    return true;
}

/* ---- All kinds ---- */

static const struct {
    bool (*set)(const struct config_key *key, void *member, const char *text);
    void (*clear)(void *member); /* NULL: the member owns nothing */
    const char *expected;        /* NULL: see explain() */
} kinds[] = {
    [KEY_NUMBER] = {set_number, NULL, NULL},
    [KEY_CHOICE] = {set_choice, NULL, NULL},
    [KEY_TEXT] = {set_text, clear_text, "UTF-8 without control characters"},
    [KEY_URL] = {set_url, clear_text, "an address that begins with http:// or https://"},
    [KEY_PATH] = {set_path, clear_text, NULL},
    [KEY_DOMAIN] = {set_domain, clear_text, "a domain name"},
    [KEY_SERVER] = {set_server, clear_server, "HOST:PORT"},
    [KEY_ADDRESSES] = {add_address, clear_addresses, "user@domain or a domain"},
    [KEY_OPTIONS] = {add_options, NULL, "names of a room's options, each once"},
};

static void add_words(struct buf *out, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
}

static void explain(const struct config_key *key, const char *text, struct buf *why)
{
    buf_printf(why, "%s must be ", key->name);
    if (key->kind == KEY_NUMBER)
        buf_printf(why, "a number from %" PRIu64 " to %" PRIu64, key->min, key->max);
    else if (key->kind == KEY_CHOICE)
        add_words(why, key->words);
    else
        buf_add_text(why, kinds[key->kind].expected);
    buf_printf(why, ", not \"%s\"", text);
}

static void *member_of(const struct config_key *key, const struct config *config)
{
    return (char *)config + key->offset;
}

bool config_value_set(const struct config_key *key, struct config *config, const char *text,
                      struct buf *why)
{
    bool is_empty = *text == '\0';
    if (!is_empty && kinds[key->kind].set(key, member_of(key, config), text))
        return true;
    if (why && is_empty)
        buf_printf(why, "%s has no value", key->name);
    else if (why)
        explain(key, text, why);
    return false;
}

void config_value_clear(const struct config_key *key, struct config *config)
{
    if (kinds[key->kind].clear)
        kinds[key->kind].clear(member_of(key, config));
}

bool config_value_equal(const struct config_key *key, const struct config *a,
                        const struct config *b)
{
    const void *left = member_of(key, a), *right = member_of(key, b);
    if (kinds[key->kind].clear != clear_text)
        return memcmp(left, right, key->width) == 0;
    return span_equal(span_of(*(const char *const *)left), span_of(*(const char *const *)right));
}

void config_value_swap(const struct config_key *key, struct config *a, struct config *b)
{
    char kept[sizeof(uint64_t)];
    coven_assert(key->width <= sizeof kept);
    memcpy(kept, member_of(key, a), key->width);
    memcpy(member_of(key, a), member_of(key, b), key->width);
    memcpy(member_of(key, b), kept, key->width);
}
