/* Copies a root element from libxml2's callback; for tools/wire only. */
#ifndef WIRE_ROOT_H
#define WIRE_ROOT_H

#include <libxml/tree.h>

#include "coven/buf.h"
#include "wire/stream.h"

/* libxml2 passes an attribute as five pointers. */
struct sax_attr {
    const xmlChar *name, *prefix, *ns, *value, *end;
};

/* The arguments of a SAX2 start handler; spaces are pairs of a prefix (NULL: the default) and a
 * namespace. */
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

/* Fills the root. The values go into `values`, which must live as long; the names stay the
 * parser's. */
void root_take(struct wire_root *root, struct buf *values, const struct sax_element *element);

#endif
