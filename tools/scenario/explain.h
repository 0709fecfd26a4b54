/* Explains why an expectation was not met: in words, and with a mark in the XML. */
#ifndef SCENARIO_EXPLAIN_H
#define SCENARIO_EXPLAIN_H

#include <libxml/tree.h>

#include "coven/buf.h"
#include "match.h"

/* Adds one line of words, without a line feed. */
void explain_difference(struct buf *out, const struct difference *difference);

/* Adds the element with the first difference marked, and the words below it. */
void explain_candidate(struct buf *out, const xmlNode *pattern, const xmlNode *element);

#endif
