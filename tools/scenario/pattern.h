/* A data block as XML: the elements that a step expects or sends. */
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
 * Parses the text within a root element that has the default namespace jabber:client and declares
 * the prefix scansion: the elements of the block are its children, at least one. `line` is the line
 * of the script where the text begins. The caller frees the document with xmlFreeDoc(). Returns
 * NULL and the error for malformed text.
 */
xmlDoc *pattern_parse(struct span text, int line, struct pattern_error *error_r);

/* The first element of a block; element_next() gives the others. */
xmlNode *pattern_first(const xmlDoc *doc);

#endif
