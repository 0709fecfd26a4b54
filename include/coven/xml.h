/*
 * The XML writer: the only place where a stanza becomes text, and the only escaper. It writes into
 * a buffer of the caller's. Whatever it is given, what it writes is well-formed: characters that
 * XML forbids, and bytes that are not UTF-8, come out as U+FFFD.
 *
 * The namespace of a stanza (jabber:client, or the stream's own) is named nowhere: xml_open() of
 * the outermost element takes NS_CLIENT and writes no xmlns. An element inside names its namespace
 * where it differs from its parent's. Closing what is not open, or leaving elements open, is a bug.
 */
#ifndef COVEN_XML_H
#define COVEN_XML_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "coven/buf.h"
#include "coven/span.h"

#define XML_DEPTH_MAX 64

struct xml {
    struct buf *out;
    int depth;
    bool in_tag; /* the last opening tag still takes attributes */
    struct {
        const char *name; /* borrowed until it is closed */
        const char *ns;
    } open[XML_DEPTH_MAX];
};

static inline struct xml xml_to(struct buf *out)
{
    return (struct xml){.out = out};
}

/* `name` and `ns` are kept by reference until xml_close(). `ns` NULL means the parent's. */
void xml_open(struct xml *xml, const char *name, const char *ns);

void xml_attr(struct xml *xml, const char *name, struct span value);
void xml_attr_text(struct xml *xml, const char *name, const char *value); /* NULL: left out */
void xml_attr_number(struct xml *xml, const char *name, int64_t value);

void xml_text(struct xml *xml, struct span text);
void xml_close(struct xml *xml);

/* <name xmlns='ns'>text</name>; without text <name/>. */
void xml_element(struct xml *xml, const char *name, const char *ns, struct span text);

/* A whole element that was received, with its attributes, namespaces and children. */
void xml_copy(struct xml *xml, xmpp_stanza_t *element);

/* The same without those attributes, of it or of what is inside, that are to be dropped; `drops`
 * NULL: none are. */
typedef bool xml_drops(xmpp_stanza_t *element, const char *attribute);
void xml_copy_without(struct xml *xml, xmpp_stanza_t *element, xml_drops *drops);

/* Attributes that this writer wrote earlier, each after a space, for the tag that is still open. */
void xml_raw_attrs(struct xml *xml, struct span rendered);

/* Bytes that this writer wrote earlier, as children of the open element: kept in the form of the
 * present namespace. */
void xml_raw(struct xml *xml, struct span rendered);

/* A name without a prefix, of an element or an attribute. */
bool xml_is_name(struct span name);

/* `value` escaped for an attribute in single quotes, added to `out`. */
void xml_escape_attr(struct buf *out, struct span value);

#endif
