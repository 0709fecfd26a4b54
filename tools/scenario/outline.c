#include "outline.h"

#include "coven/ns.h"
#include "coven/xml.h"
#include "element.h"

/* The namespace that a reader assumes: the parent's, and jabber:client for a stanza. */
static const char *ns_around(const xmlNode *element)
{
    const xmlNode *parent = element->parent;
    bool inside = parent && parent->type == XML_ELEMENT_NODE;
    return inside && strcmp(element_ns(parent), NS_STREAM) != 0 ? element_ns(parent) : NS_CLIENT;
}

static void add_attr(struct buf *out, const char *prefix, const char *name, const char *value)
{
    buf_printf(out, " %s%s%s='", prefix ? prefix : "", prefix ? ":" : "", name);
    xml_escape_attr(out, span_of(value));
    buf_add_char(out, '\'');
}

void outline_tag(struct buf *out, const xmlNode *element, bool empty)
{
    buf_printf(out, "<%s", element_name(element));
    if (strcmp(element_ns(element), ns_around(element)) != 0)
        add_attr(out, NULL, "xmlns", element_ns(element));
    for (const xmlAttr *attr = element->properties; attr; attr = attr->next)
        add_attr(out, attr->ns ? (const char *)attr->ns->prefix : NULL, (const char *)attr->name,
                 attr_value(attr));
    buf_add_text(out, empty ? "/>" : ">");
}

static void begin_line(struct buf *out, bool marked, int depth)
{
    buf_printf(out, "%s%*s", marked ? "  > " : "    ", 2 * depth, "");
}

/* Line breaks inside a text would break the outline. */
static void add_text(struct buf *out, const xmlNode *element)
{
    struct buf text = BUF_INIT;
    element_text(element, &text);
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == '\n')
            text.data[i] = ' ';
    xml_escape_attr(out, buf_span(&text));
    buf_free(&text);
}

static void write_element(struct buf *out, const xmlNode *element, const xmlNode *mark, int depth)
{
    begin_line(out, element == mark, depth);
    const xmlNode *child = element_first(element);
    outline_tag(out, element, !element->children);
    add_text(out, element);
    if (child) {
        buf_add_char(out, '\n');
        for (; child; child = element_next(child))
            write_element(out, child, mark, depth + 1);
        begin_line(out, false, depth);
    }
    if (element->children)
        buf_printf(out, "</%s>", element_name(element));
    buf_add_char(out, '\n');
}

void outline_write(struct buf *out, const xmlNode *element, const xmlNode *mark)
{
    write_element(out, element, mark, 0);
}
