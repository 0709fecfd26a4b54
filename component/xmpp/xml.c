#include "coven/xml.h"

#include <inttypes.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "xml_entity.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

#define NS_XML      "http://www.w3.org/XML/1998/namespace"
#define NS_XMLNS    "http://www.w3.org/2000/xmlns/"

/* Where a byte cannot be copied as it is. Tab and line feed need care in attributes only: there a
 * parser normalises them. */
enum care { TEXT = 1, ATTR = 2, BOTH = TEXT | ATTR };

static const unsigned char care_of[256] = {
    [0 ... 8] = BOTH, ['\t'] = ATTR, ['\n'] = ATTR, [11 ... 31] = BOTH, ['"'] = ATTR,
    ['&'] = BOTH,     ['\''] = ATTR, ['<'] = BOTH,  ['>'] = BOTH,       [0x80 ... 0xFF] = BOTH,
};

/* Skips one non-ASCII character that XML allows; false when there is none. */
static bool skip_character(const char **at, const char *end)
{
    const char *next = *at;
    int32_t code = utf8_next(&next, end);
    if (code < 0x80 || code == 0xFFFE || code == 0xFFFF)
        return false;
    *at = next;
    return true;
}

/* Skips bytes that need no care, four at a time: nearly all of them. */
static const char *skip_plain(const char *text, const char *end, enum care where)
{
    const unsigned char *at = (const unsigned char *)text, *stop = (const unsigned char *)end;
    while (stop - at >= 4 &&
           !((care_of[at[0]] | care_of[at[1]] | care_of[at[2]] | care_of[at[3]]) & where))
        at += 4;
    while (at < stop && !(care_of[*at] & where))
        at++;
    return (const char *)at;
}

/* The end of the bytes that can be copied as they are. */
static const char *run_end(const char *at, const char *end, enum care where)
{
    for (;;) {
        at = skip_plain(at, end, where);
        if (at == end || !skip_character(&at, end))
            return at;
    }
}

/* The entity for the byte, or NULL. */
static const char *entity_of(char c)
{
    for (size_t i = 0; i < sizeof xml_entities / sizeof *xml_entities; i++) {
        if (xml_entities[i].character == c)
            return xml_entities[i].text;
    }
    return NULL;
}

static void escape(struct buf *out, struct span value, enum care where)
{
    const char *at = value.at, *end = value.at + value.len;
    while (at < end) {
        const char *stop = run_end(at, end, where);
        buf_add(out, at, (size_t)(stop - at));
        at = stop;
        if (at == end)
            return;
        const char *entity = entity_of(*at);
        buf_add_text(out, entity ? entity : REPLACEMENT);
        if (utf8_next(&at, end) < 0)
            at++;
    }
}

void xml_escape_attr(struct buf *out, struct span value)
{
    escape(out, value, ATTR);
}

void xml_end_tag(struct xml *xml)
{
    if (xml->in_tag)
        buf_add_char(xml->out, '>');
    xml->in_tag = false;
}

void xml_open(struct xml *xml, const char *name, const char *ns)
{
    coven_assert(xml->depth < XML_DEPTH_MAX);
    const char *parent = xml->depth > 0 ? xml->open[xml->depth - 1].ns : NS_CLIENT;
    if (!ns)
        ns = parent;
    xml->open[xml->depth].name = name;
    xml->open[xml->depth++].ns = ns;
    xml_end_tag(xml);
    buf_add_char(xml->out, '<');
    buf_add_text(xml->out, name);
    xml->in_tag = true;
    if (ns != parent && strcmp(ns, parent) != 0)
        xml_attr_text(xml, "xmlns", ns);
}

void xml_attr(struct xml *xml, const char *name, struct span value)
{
    coven_assert(xml->in_tag);
    buf_add_char(xml->out, ' ');
    buf_add_text(xml->out, name);
    buf_add(xml->out, "='", 2);
    escape(xml->out, value, ATTR);
    buf_add_char(xml->out, '\'');
}

void xml_attr_text(struct xml *xml, const char *name, const char *value)
{
    if (value)
        xml_attr(xml, name, span_of(value));
}

void xml_attr_number(struct xml *xml, const char *name, int64_t value)
{
    coven_assert(xml->in_tag);
    buf_printf(xml->out, " %s='%" PRId64 "'", name, value);
}

void xml_text(struct xml *xml, struct span text)
{
    coven_assert(xml->depth > 0);
    if (text.len == 0)
        return;
    xml_end_tag(xml);
    escape(xml->out, text, TEXT);
}

void xml_close(struct xml *xml)
{
    coven_assert(xml->depth > 0);
    const char *name = xml->open[--xml->depth].name;
    if (xml->in_tag) {
        xml->in_tag = false;
        buf_add(xml->out, "/>", 2);
        return;
    }
    buf_add(xml->out, "</", 2);
    buf_add_text(xml->out, name);
    buf_add_char(xml->out, '>');
}

void xml_element(struct xml *xml, const char *name, const char *ns, struct span text)
{
    xml_open(xml, name, ns);
    xml_text(xml, text);
    xml_close(xml);
}

void xml_raw_attrs(struct xml *xml, struct span rendered)
{
    coven_assert(xml->in_tag);
    buf_add_span(xml->out, rendered);
}

void xml_raw(struct xml *xml, struct span rendered)
{
    coven_assert(xml->depth > 0);
    if (rendered.len == 0)
        return;
    xml_end_tag(xml);
    buf_add_span(xml->out, rendered);
}

/* The characters of names (XML 1.0, productions 4 and 4a), without the colon. */
static bool is_name_character(int32_t code, bool first)
{
    static const struct {
        int32_t from, to;
        bool first; /* may begin a name as well */
    } ranges[] = {
        {'-', '.', false},      {'0', '9', false},        {'A', 'Z', true},
        {'_', '_', true},       {'a', 'z', true},         {0xB7, 0xB7, false},
        {0xC0, 0xD6, true},     {0xD8, 0xF6, true},       {0xF8, 0x2FF, true},
        {0x300, 0x36F, false},  {0x370, 0x37D, true},     {0x37F, 0x1FFF, true},
        {0x200C, 0x200D, true}, {0x203F, 0x2040, false},  {0x2070, 0x218F, true},
        {0x2C00, 0x2FEF, true}, {0x3001, 0xD7FF, true},   {0xF900, 0xFDCF, true},
        {0xFDF0, 0xFFFD, true}, {0x10000, 0xEFFFF, true},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i].from && code <= ranges[i].to)
            return !first || ranges[i].first;
    return false;
}

bool xml_is_name(struct span name)
{
    const char *at = name.at, *end = name.at + name.len;
    while (at < end) {
        bool first = at == name.at;
        if (*at >= 'a' && *at <= 'z')
            at++; /* the usual case */
        else if (!is_name_character(utf8_next(&at, end), first))
            return false;
    }
    return name.len > 0;
}

static bool declaration_is_writable(const char *prefix, const char *ns)
{
    return strcmp(prefix, "xml") != 0 && strcmp(prefix, "xmlns") != 0 && ns && *ns &&
           strcmp(ns, NS_XML) != 0 && strcmp(ns, NS_XMLNS) != 0;
}

static bool prefix_is_declared(xmpp_stanza_t *element, struct span prefix)
{
    struct buf name = BUF_INIT;
    buf_add_text(&name, "xmlns:");
    buf_add_span(&name, prefix);
    bool is_declared =
        declaration_is_writable(name.data + strlen("xmlns:"), stanza_attr(element, name.data));
    buf_free(&name);
    return is_declared;
}

/* Can the attribute be written? A prefix must be declared on the same element. */
static bool attr_is_writable(xmpp_stanza_t *element, const char *name, const char *value)
{
    const char *colon = strchr(name, ':');
    if (!colon)
        return xml_is_name(span_of(name));
    struct span prefix = {name, (size_t)(colon - name)};
    if (!xml_is_name(prefix) || !xml_is_name(span_of(colon + 1)))
        return false;
    if (span_is(prefix, "xmlns"))
        return declaration_is_writable(colon + 1, value);
    return span_is(prefix, "xml") || prefix_is_declared(element, prefix);
}

struct attr_copy {
    struct xml *xml;
    xmpp_stanza_t *element;
    xml_drops *drops;
};

static void attr_copy(void *user, const char *name, const char *value)
{
    struct attr_copy *copy = user;
    bool dropped = copy->drops && copy->drops(copy->element, name);
    if (!dropped && attr_is_writable(copy->element, name, value))
        xml_attr_text(copy->xml, name, value);
}

/* Elements of XML's own two namespaces cannot be written: nothing may declare these. */
static bool element_is_writable(const char *name, const char *ns)
{
    return name && xml_is_name(span_of(name)) &&
           (!ns || (strcmp(ns, NS_XML) != 0 && strcmp(ns, NS_XMLNS) != 0));
}

static void node_copy(struct xml *xml, xmpp_stanza_t *node, xml_drops *drops)
{
    if (xmpp_stanza_is_text(node))
        xml_text(xml, span_of(xmpp_stanza_get_text_ptr(node)));
    else if (!drops || !drops(node, NULL))
        xml_copy_without(xml, node, drops);
}

/* Elements that cannot be written, or are too deep, are left out: they came from a stranger, and
 * must end neither the stream nor the process. */
void xml_copy_without(struct xml *xml, xmpp_stanza_t *element, xml_drops *drops)
{
    const char *name = xmpp_stanza_get_name(element), *ns = stanza_ns_or_null(element);
    if (!element_is_writable(name, ns) || xml->depth == XML_DEPTH_MAX)
        return;
    xml_open(xml, name, ns);
    stanza_attrs(element, attr_copy, &(struct attr_copy){xml, element, drops});
    xmpp_stanza_t *child = xmpp_stanza_get_children(element);
    for (; child; child = xmpp_stanza_get_next(child))
        node_copy(xml, child, drops);
    xml_close(xml);
}

void xml_copy(struct xml *xml, xmpp_stanza_t *element)
{
    xml_copy_without(xml, element, NULL);
}
