#include "packet.h"

#include <string.h>

#include "coven/ns.h"
#include "coven/xml.h"

const struct packet_error packet_bad_request = {"modify", "bad-request", NULL};
const struct packet_error packet_item_not_found = {"cancel", "item-not-found", NULL};
const struct packet_error packet_service_unavailable = {"cancel", "service-unavailable", NULL};
const struct packet_error packet_jid_malformed = {"modify", "jid-malformed", NULL};
const struct packet_error packet_not_allowed = {"cancel", "not-allowed", NULL};
const struct packet_error packet_resource_constraint = {"wait", "resource-constraint", NULL};
const struct packet_error packet_unknown_server = {
    "cancel", "remote-server-not-found", "This server has no connections to other servers"};
const struct packet_error packet_component_away = {"wait", "remote-server-timeout",
                                                   "Component unavailable"};

static enum packet_kind kind_of(const char *name)
{
    static const char *const names[] = {"message", "presence", "iq"};
    for (int i = 0; i < PACKET_OTHER; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum packet_kind)i;
    return PACKET_OTHER;
}

struct packet packet_of(const struct wire_stanza *stanza)
{
    return (struct packet){
        .kind = kind_of(stanza->root.name),
        .stanza = stanza,
        .type = wire_attr(&stanza->root, "type"),
        .to = span_of(wire_attr(&stanza->root, "to")),
    };
}

bool packet_type_is(const struct packet *packet, const char *type)
{
    return packet->type && strcmp(packet->type, type) == 0;
}

bool packet_payload_is(const struct packet *packet, const char *name, const char *ns)
{
    const struct wire_stanza *stanza = packet->stanza;
    return stanza->payload_name && strcmp(stanza->payload_name, name) == 0 &&
           strcmp(stanza->payload_ns, ns) == 0;
}

bool packet_is_request(const struct packet *packet)
{
    return packet->kind == PACKET_IQ &&
           (packet_type_is(packet, "get") || packet_type_is(packet, "set"));
}

bool packet_may_bounce(const struct packet *packet)
{
    static const char *const silent[] = {"error", "result", "unavailable", "probe"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (packet_type_is(packet, silent[i]))
            return false;
    return true;
}

/* True if the value needs no escaping in an attribute. */
static bool is_plain(struct span value)
{
    static const unsigned char special[256] = {
        [0 ... 31] = 1, ['"'] = 1, ['&'] = 1, ['\''] = 1, ['<'] = 1, ['>'] = 1, [128 ... 255] = 1,
    };
    unsigned char seen = 0;
    for (size_t i = 0; i < value.len; i++)
        seen |= special[(unsigned char)value.at[i]];
    return !seen;
}

/* Most of the output is attributes, and hardly any of them needs escaping. */
static void add_attr(struct buf *out, const char *name, struct span value)
{
    size_t name_len = strlen(name);
    bool plain = is_plain(value);
    char *end = buf_reserve(out, name_len + value.len + 4);
    *end++ = ' ';
    end = mempcpy(end, name, name_len);
    *end++ = '=';
    *end++ = '\'';
    if (plain) {
        end = mempcpy(end, value.at, value.len);
        *end++ = '\'';
    }
    *end = '\0';
    out->len = (size_t)(end - out->data);
    if (!plain) {
        xml_escape_attr(out, value);
        buf_add_char(out, '\'');
    }
}

void packet_write_head(const char *name, struct span from, struct span to, struct buf *out)
{
    buf_add_char(out, '<');
    buf_add_text(out, name);
    if (from.len)
        add_attr(out, "from", from);
    if (to.len)
        add_attr(out, "to", to);
}

/* Declares the prefixes that the inner bytes may use. */
static void add_spaces(struct buf *out, const struct wire_root *root)
{
    for (int i = 0; i < root->space_count; i++) {
        buf_add_text(out, " xmlns:");
        buf_add_text(out, root->spaces[i].name);
        buf_add(out, "='", 2);
        xml_escape_attr(out, span_of(root->spaces[i].value));
        buf_add_char(out, '\'');
    }
}

void packet_write_tail(const struct wire_stanza *stanza, struct buf *out)
{
    const struct wire_root *root = &stanza->root;
    for (int i = 0; i < root->attr_count; i++) {
        const char *name = root->attrs[i].name;
        if (strcmp(name, "from") != 0 && strcmp(name, "to") != 0)
            add_attr(out, name, span_of(root->attrs[i].value));
    }
    if (root->lang)
        add_attr(out, "xml:lang", span_of(root->lang));
    add_spaces(out, root);
    if (stanza->inner.len == 0) {
        buf_add(out, "/>", 2);
        return;
    }
    buf_add_char(out, '>');
    buf_add_span(out, stanza->inner);
    buf_add(out, "</", 2);
    buf_add_text(out, root->name);
    buf_add_char(out, '>');
}

void packet_write(const struct packet *packet, struct span to, struct buf *out)
{
    packet_write_head(packet->stanza->root.name, packet->from, to, out);
    packet_write_tail(packet->stanza, out);
}

/* The opening tag of an answer. */
static void open_answer(const struct packet *packet, const char *type, struct buf *out)
{
    packet_write_head(packet->stanza->root.name, packet->to, packet->from, out);
    const char *id = wire_attr(&packet->stanza->root, "id");
    if (id)
        add_attr(out, "id", span_of(id));
    add_attr(out, "type", span_of(type));
}

void packet_write_error(const struct packet *packet, const struct packet_error *error,
                        struct buf *out)
{
    open_answer(packet, "error", out);
    buf_printf(out, "><error type='%s'><%s xmlns='" NS_STANZA_ERRORS "'/>", error->type,
               error->condition);
    if (error->text)
        buf_printf(out, "<text xmlns='" NS_STANZA_ERRORS "'>%s</text>", error->text);
    buf_printf(out, "</error></%s>", packet->stanza->root.name);
}

void packet_write_result(const struct packet *packet, struct span payload, struct buf *out)
{
    open_answer(packet, "result", out);
    if (payload.len == 0) {
        buf_add(out, "/>", 2);
        return;
    }
    add_spaces(out, &packet->stanza->root); /* the payload may be that of the request */
    buf_add_char(out, '>');
    buf_add_span(out, payload);
    buf_add_text(out, "</iq>");
}
