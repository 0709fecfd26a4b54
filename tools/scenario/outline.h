/* XML for people: one element per line, indented, with one marked. */
#ifndef SCENARIO_OUTLINE_H
#define SCENARIO_OUTLINE_H

#include <libxml/tree.h>

#include "coven/buf.h"

/*
 * Adds the element in lines that begin with four spaces, or with "  > " for `mark` (may be NULL).
 * A namespace is shown where it differs from the parent's, at the top from jabber:client.
 */
void outline_write(struct buf *out, const xmlNode *element, const xmlNode *mark);

/* Adds the element's opening tag, as <name attr='value'>, or <name/> when `empty`. */
void outline_tag(struct buf *out, const xmlNode *element, bool empty);

#endif
