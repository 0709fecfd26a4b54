/* Reading xmlNode elements: names, text, children. Borrowed pointers live as long as the tree. */
#ifndef SCENARIO_ELEMENT_H
#define SCENARIO_ELEMENT_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"

const char *element_name(const xmlNode *element);
const char *element_ns(const xmlNode *element); /* "" when it has none */
bool element_is(const xmlNode *element, const char *name, const char *ns);

/* The first child element, and the next sibling; NULL at the end. */
xmlNode *element_first(const xmlNode *parent);
xmlNode *element_next(const xmlNode *element);
int element_count(const xmlNode *parent);
xmlNode *element_child(const xmlNode *parent, const char *name, const char *ns);

/* Adds the element's own text, trimmed. */
void element_text(const xmlNode *element, struct buf *out);

/* The value of an attribute without a namespace, or NULL. */
const char *element_attr(const xmlNode *element, const char *name);
const char *attr_value(const xmlAttr *attr);
const char *attr_ns(const xmlAttr *attr); /* "" when it has none */

#endif
