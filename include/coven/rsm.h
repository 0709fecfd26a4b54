/* Result sets (XEP-0059): which part of a long list is asked for, and what part was given. */
#ifndef COVEN_RSM_H
#define COVEN_RSM_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "coven/span.h"
#include "coven/xml.h"

enum rsm_from {
    RSM_START,  /* from the first item */
    RSM_AFTER,  /* from the one behind `key` */
    RSM_BEFORE, /* up to the one before `key`; an empty key: up to the last */
    RSM_INDEX,  /* from the item number `index`, counted from 0 */
};

struct rsm {
    bool given; /* a part was asked for at all */
    enum rsm_from from;
    unsigned max;   /* most items; 0: only the count is wanted */
    uint32_t index; /* RSM_INDEX */
    char *key;      /* RSM_AFTER and RSM_BEFORE; else NULL */
};

/*
 * Reads the <set/> in `query`. What is not asked for is the first `max` items, and nobody gets more
 * than those. False, and `*rsm_r` untouched, when it is malformed: a number that is none, or more
 * than one way to say where the part is. A number that is too large counts as the largest. The
 * caller releases what it got with rsm_free().
 */
bool rsm_read(xmpp_stanza_t *query, unsigned max, struct rsm *rsm_r);
void rsm_free(struct rsm *rsm);

/* A part of a list. */
struct rsm_part {
    struct span first, last; /* keys; of no bytes when the part is empty */
    int64_t index;           /* of the first; below 0: not known */
    int64_t count;           /* of the whole list; below 0: not known */
};

void rsm_write(struct xml *xml, const struct rsm_part *part);

#endif
