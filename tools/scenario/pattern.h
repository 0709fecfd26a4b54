/* A data block as XML: what a step expects, or what it sends. */
#ifndef SCENARIO_PATTERN_H
#define SCENARIO_PATTERN_H

#include <libxml/tree.h>

#include "coven/span.h"

#define NS_SCANSION "https://matthewwild.co.uk/projects/scansion"

struct pattern_error {
    int line;
    char what[160];
};

/*
 * The text in a root element whose default namespace is jabber:client and which binds the prefix
 * scansion; the block's elements are the root's children, at least one. NULL and the error
 * otherwise. `line` is where the text begins in its script. The caller frees it with xmlFreeDoc().
 */
xmlDoc *pattern_parse(struct span text, int line, struct pattern_error *error_r);

/* The elements of a block: the first; the others by element_next(). */
xmlNode *pattern_first(const xmlDoc *doc);

#endif
