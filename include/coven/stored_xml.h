/*
 * Reads back XML that coven/xml.h wrote and a store kept. It knows what the writer writes and no
 * more: elements, attributes in single quotes, text, and the writer's entities. A disk may have
 * changed any byte: damaged text is answered with false, and nothing beyond its end is read.
 *
 * All spans point into the text that was given, and are still escaped.
 */
#ifndef COVEN_STORED_XML_H
#define COVEN_STORED_XML_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"

struct stored_xml {
    struct span text; /* the whole element */
    struct span name;
    struct span attributes; /* all of them, each after a space */
    struct span inner;      /* between the two tags; no bytes in <name/> */
};

/*
 * Reads an element of that name that may be damaged. False unless it is sound and the whole text:
 * matching tags, each attribute once, only characters that XML allows, and no prefix that is not
 * declared where it is used. Damage that turns one name or one word into another goes unnoticed.
 * `*element_r` is undefined on failure.
 */
bool stored_xml_read(struct span text, const char *name, struct stored_xml *element_r);

/* The same check alone. */
bool stored_xml_is_element(struct span text, const char *name);

/* Reads only the tags at both ends of an element that was found sound before. False when the text
 * does not begin and end with them. */
bool stored_xml_open(struct span text, struct stored_xml *element_r);

/*
 * Reads the next child of that name and namespace. `name` NULL accepts any of both, `ns` NULL is
 * the parent's. `content` begins as the parent's `inner` and is moved after the child. False when
 * no child is left, or on damage.
 */
bool stored_xml_child(struct span *content, const char *name, const char *ns,
                      struct stored_xml *child_r);

/* The value of an attribute. False when the element has none of that name. */
bool stored_xml_attr(const struct stored_xml *element, const char *name, struct span *escaped_r);

/* Is there an attribute of that name, and is `value` its unescaped value? */
bool stored_xml_attr_is(const struct stored_xml *element, const char *name, struct span value);

/* Appends all text inside the element, unescaped. False on damage: only the text before it was
 * appended. */
bool stored_xml_text(const struct stored_xml *element, struct buf *out);

/* Does the stanza have an empty ` to=''` whose closing quote is at that offset of its text? */
bool stored_xml_has_address(const struct stored_xml *stanza, size_t at);

/* Is the stanza from that address, a bare one without entities, or from a resource of it? */
bool stored_xml_has_sender(const struct stored_xml *stanza, struct span address);

/* Sets `resource` to the resource of such a sender, unescaped; empty when it has none. */
void stored_xml_sender_resource(const struct stored_xml *stanza, struct span address,
                                struct buf *resource);

#endif
