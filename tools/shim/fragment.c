#include "fragment.h"

#include <libxml/parser.h>

#include "coven/buf.h"
#include "coven/mem.h"
#include "coven/xml.h"

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)

/* Parses the inner bytes, which the stream reader has found well-formed. */
static xmlDoc *parse(const struct wire_stanza *stanza)
{
    struct buf text = BUF_INIT;
    buf_add_text(&text, "<stanza");
    for (int i = 0; i < stanza->root.space_count; i++) {
        buf_printf(&text, " xmlns:%s='", stanza->root.spaces[i].name);
        xml_escape_attr(&text, span_of(stanza->root.spaces[i].value));
        buf_add_char(&text, '\'');
    }
    buf_add_char(&text, '>');
    buf_add_span(&text, stanza->inner);
    buf_add_text(&text, "</stanza>");
    xmlDoc *doc = xmlReadMemory(text.data, (int)text.len, NULL, "UTF-8", OPTIONS);
    buf_free(&text);
    return doc;
}

static xmlNode *child_named(const xmlNode *parent, const char *name)
{
    xmlNode *child = parent ? parent->children : NULL;
    while (child && (child->type != XML_ELEMENT_NODE || !xmlStrEqual(child->name, BAD_CAST name)))
        child = child->next;
    return child;
}

char *fragment_text(const struct wire_stanza *stanza, const char *name, const char *inside)
{
    xmlDoc *doc = parse(stanza);
    if (!doc)
        return NULL;
    xmlNode *found = child_named(xmlDocGetRootElement(doc), name);
    if (found && inside)
        found = child_named(found, inside);
    xmlChar *content = found ? xmlNodeGetContent(found) : NULL;
    char *text = mem_string((const char *)content);
    xmlFree(content);
    xmlFreeDoc(doc);
    return text;
}
