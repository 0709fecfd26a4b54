/* A root element as libxml2 tells of it, taken down; of tools/wire only. */
#ifndef WIRE_ROOT_H
#define WIRE_ROOT_H

#include <libxml/tree.h>

#include "coven/buf.h"
#include "wire/stream.h"

/* libxml2 hands out an attribute as five pointers. */
struct sax_attr {
    const xmlChar *name, *prefix, *ns, *value, *end;
};

/* What a SAX2 handler is told of an element's beginning; spaces are pairs of a prefix (NULL: the
 * default) and a name. */
struct sax_element {
    const xmlChar *name, *prefix, *ns;
    const xmlChar **spaces;
    int space_count;
    const struct sax_attr *attrs;
    int attr_count;
};

static inline const char *sax_text(const xmlChar *text)
{
    return text ? (const char *)text : "";
}

/* The values go into `values`, which must live as long as the root. Names are the parser's. */
void root_take(struct wire_root *root, struct buf *values, const struct sax_element *element);

#endif
