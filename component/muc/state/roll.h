/* Everybody in a room who has one affiliation, in the order in which they got it, and in the order
 * of their JIDs: pages of a long list need an order that holds while the list changes. */
#ifndef MUC_ROLL_H
#define MUC_ROLL_H

#include <stdbool.h>

struct affiliation_entry;

struct roll {
    struct affiliation_entry *first;   /* `next` leads to the others */
    struct affiliation_entry **sorted; /* NULL: there is nobody */
    unsigned count;
};

void roll_add(struct roll *roll, struct affiliation_entry *entry);
void roll_remove(struct roll *roll, struct affiliation_entry *entry);

/* Returns the number of entries whose JIDs come before `jid`; with `passed`, also `jid` itself. It
 * need not be in the roll. */
unsigned roll_before(const struct roll *roll, const char *jid, bool passed);

#endif
