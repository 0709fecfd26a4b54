/* Reading an element that came, as libxml2 holds it. */
#ifndef CRASH_TREE_H
#define CRASH_TREE_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "coven/buf.h"

/* The first child of that name, or the next one behind it; NULL: there is none. A name is only
 * looked for in the namespace (of any, when `ns` is NULL). */
xmlNode *tree_child(const xmlNode *element, const char *name, const char *ns);
xmlNode *tree_next(const xmlNode *sibling);

/* An attribute without a namespace, unescaped, in `value`, which it replaces; false, and empty,
 * when it is not there. */
bool tree_attr(const xmlNode *element, const char *name, struct buf *value);
bool tree_attr_is(const xmlNode *element, const char *name, const char *value);

/* Has this <x/> of muc#user a status of that code? */
bool tree_has_status(const xmlNode *x, const char *code);

/* The text in it, in `text`, which it replaces. */
void tree_text(const xmlNode *element, struct buf *text);

#endif
