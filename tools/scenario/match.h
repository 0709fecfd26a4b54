/*
 * Does a received element match a pattern? Within jabber:client a pattern is a subset (children in
 * any order, others allowed); elsewhere it is exact (children in order, no others, no other
 * attributes). scansion:strict='true' or 'false' overrides that for one element.
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
    DIFFERENCE_CHILD_MISSING, /* `expected` is the child, `actual` the parent that lacks it */
    DIFFERENCE_CHILD_PLACE,   /* likewise; the child is in another position */
    DIFFERENCE_CHILD_EXTRA,   /* `actual` is the child, `expected` the parent in the pattern */
};

/* The first difference; its pointers lead into the two trees. */
struct difference {
    enum difference_kind kind;
    const xmlNode *expected, *actual;
    const xmlAttr *expected_attr, *actual_attr;
};

bool match(const xmlNode *pattern, const xmlNode *element);

/* The reason for a mismatch; DIFFERENCE_NONE for a match. */
struct difference match_difference(const xmlNode *pattern, const xmlNode *element);

/* Sets the variables of {scansion:capture:NAME} from an element that matches. */
void match_capture(const xmlNode *pattern, const xmlNode *element, struct variables *variables);

/* The attribute with the expanded name of `like`, or NULL. */
const xmlAttr *match_attr(const xmlNode *element, const xmlAttr *like);

#endif
