/*
 * The XML writer: the only place where a stanza becomes text, and the only escaper. It writes into
 * the caller's buffer. Its output is well-formed for every input: characters that XML forbids, and
 * bytes that are not UTF-8, are written as U+FFFD.
 *
 * A stanza does not declare its namespace (jabber:client, or the stream's own): xml_open() of the
 * outermost element takes NS_CLIENT and writes no xmlns. An inner element declares its namespace
 * where it differs from its parent's. Each xml_open() needs one xml_close().
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
    bool in_tag; /* the last opening tag may still get attributes */
    struct {
        const char *name; /* borrowed until it is closed */
        const char *ns;
    } open[XML_DEPTH_MAX];
};

static inline struct xml xml_to(struct buf *out)
{
    return (struct xml){.out = out};
}

/* Opens an element. `name` and `ns` are borrowed until xml_close(). `ns` NULL is the parent's. */
void xml_open(struct xml *xml, const char *name, const char *ns);

void xml_attr(struct xml *xml, const char *name, struct span value);
void xml_attr_text(struct xml *xml, const char *name, const char *value); /* NULL: left out */
void xml_attr_number(struct xml *xml, const char *name, int64_t value);

/* Ends the opening tag, so that what is written next can be left out: it is content. */
void xml_end_tag(struct xml *xml);

void xml_text(struct xml *xml, struct span text);
void xml_close(struct xml *xml);

/* Writes <name xmlns='ns'>text</name>, or <name/> for an empty text. */
void xml_element(struct xml *xml, const char *name, const char *ns, struct span text);

/* Copies a received element with its attributes, namespaces and children. Parts that cannot be
 * written are left out. */
void xml_copy(struct xml *xml, xmpp_stanza_t *element);

/* The same without the attributes, of the element or of elements inside it, and without the
 * elements inside it (`attribute` NULL), for which `drops` is true. `drops` NULL drops none. */
typedef bool xml_drops(xmpp_stanza_t *element, const char *attribute);
void xml_copy_without(struct xml *xml, xmpp_stanza_t *element, xml_drops *drops);

/* Attributes that this writer wrote earlier, each after a space, for the tag that is still open. */
void xml_raw_attrs(struct xml *xml, struct span rendered);

/* Bytes that this writer wrote earlier inside an element of the same namespace, as content of the
 * open element. */
void xml_raw(struct xml *xml, struct span rendered);

/* Is it a valid name of an element or an attribute, without a prefix? */
bool xml_is_name(struct span name);

/* Appends `value`, escaped for an attribute in single quotes. */
void xml_escape_attr(struct buf *out, struct span value);

#endif
