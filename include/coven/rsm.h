/* Result set management (XEP-0059): reading which page of a list is requested, describing the page
 * that is returned. */
#ifndef COVEN_RSM_H
#define COVEN_RSM_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "coven/span.h"
#include "coven/xml.h"

enum rsm_from {
    RSM_START,  /* from the first item */
    RSM_AFTER,  /* from the item after `key` */
    RSM_BEFORE, /* up to the item before `key`; an empty key: up to the last item */
    RSM_INDEX,  /* from the item number `index`, counted from 0 */
};

struct rsm {
    bool given; /* the request has a <set/> */
    enum rsm_from from;
    unsigned max;   /* number of items; 0: only the count is wanted */
    uint32_t index; /* RSM_INDEX */
    char *key;      /* of RSM_AFTER and RSM_BEFORE, owned; else NULL */
};

/*
 * Reads the <set/> in `query`; the caller frees the result with rsm_free(). Without <set/> the page
 * is the first `max` items; no page is larger than `max`. A number that is too large counts as the
 * largest. False, and `*rsm_r` untouched, when the <set/> is malformed: an invalid number, or more
 * than one of <after/>, <before/> and <index/>.
 */
bool rsm_read(xmpp_stanza_t *query, unsigned max, struct rsm *rsm_r);
void rsm_free(struct rsm *rsm);

/* The page that is returned. */
struct rsm_part {
    struct span first, last; /* keys; no bytes when the page is empty */
    int64_t index;           /* of the first item; below 0: unknown */
    int64_t count;           /* of items in the whole list; below 0: unknown */
};

void rsm_write(struct xml *xml, const struct rsm_part *part);

#endif
