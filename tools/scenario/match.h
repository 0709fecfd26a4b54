/*
 * Does a received element match a pattern? Within jabber:client a pattern is a subset (children in
 * any order, others allowed); elsewhere it is exact (children in order, no others, no other
 * attributes). scansion:strict='true' or 'false' overrules that for one element.
 */
#ifndef SCENARIO_MATCH_H
#define SCENARIO_MATCH_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "variables.h"

enum difference_kind {
    DIFFERENCE_NONE,
    DIFFERENCE_NAME,
    DIFFERENCE_NAMESPACE,
    DIFFERENCE_ATTR_MISSING,
    DIFFERENCE_ATTR_VALUE,
    DIFFERENCE_ATTR_EXTRA,
    DIFFERENCE_TEXT,
    DIFFERENCE_CHILD_MISSING, /* `expected` is the child, `actual` its would-be parent */
    DIFFERENCE_CHILD_PLACE,   /* likewise; the child is there, but in another place */
    DIFFERENCE_CHILD_EXTRA,   /* `actual` is the child, `expected` the parent in the pattern */
};

/* The first difference; the pointers are into the two trees. */
struct difference {
    enum difference_kind kind;
    const xmlNode *expected, *actual;
    const xmlAttr *expected_attr, *actual_attr;
};

bool match(const xmlNode *pattern, const xmlNode *element);

/* Why it does not match; DIFFERENCE_NONE when it does. */
struct difference match_difference(const xmlNode *pattern, const xmlNode *element);

/* Takes the values for {scansion:capture:NAME}; only for an element that matches. */
void match_capture(const xmlNode *pattern, const xmlNode *element, struct variables *variables);

/* The attribute of that expanded name, or NULL. */
const xmlAttr *match_attr(const xmlNode *element, const xmlAttr *like);

#endif
