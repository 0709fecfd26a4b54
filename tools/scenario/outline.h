/* XML for people: one element a line, indented, with one of them marked. */
#ifndef SCENARIO_OUTLINE_H
#define SCENARIO_OUTLINE_H

#include <libxml/tree.h>

#include "coven/buf.h"

/*
 * Adds the element in lines that begin with four spaces; that of `mark` (or NULL) with "  > ".
 * A namespace is shown where it is not the parent's, at the top where it is not jabber:client.
 */
void outline_write(struct buf *out, const xmlNode *element, const xmlNode *mark);

/* Adds the element's opening tag, as <name attr='value'>, or <name/> when `empty`. */
void outline_tag(struct buf *out, const xmlNode *element, bool empty);

#endif
