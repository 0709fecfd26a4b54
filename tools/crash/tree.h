/* Reading received elements, as libxml2 trees. */
#ifndef CRASH_TREE_H
#define CRASH_TREE_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "coven/buf.h"

/* The first child of that name and namespace (NULL: of any). The next sibling of the same name.
 * NULL: there is none. */
xmlNode *tree_child(const xmlNode *element, const char *name, const char *ns);
xmlNode *tree_next(const xmlNode *sibling);

/* Puts the value of an attribute without a namespace into `value`. False, and an empty text: it has
 * no such attribute. */
bool tree_attr(const xmlNode *element, const char *name, struct buf *value);
bool tree_attr_is(const xmlNode *element, const char *name, const char *value);

/* Has this <x/> of muc#user the status code? */
bool tree_has_status(const xmlNode *x, const char *code);

/* Puts the text of the element into `text`. */
void tree_text(const xmlNode *element, struct buf *text);

/* The same into an array, cut to its size. */
void tree_copy_attr(const xmlNode *element, const char *name, char *text, size_t size);
void tree_copy_text(const xmlNode *element, char *text, size_t size);

#endif
