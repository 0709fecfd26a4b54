/* Stanzas that nobody expects: what stands in their tag and inside of them. */
#ifndef ATTACK_SHAPES_H
#define ATTACK_SHAPES_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/buf.h"

/* What is NULL is as usual. */
struct shape {
    const char *name;
    const char *attrs;     /* of the stanza, more than the usual ones */
    const char *inside;    /* of the stanza */
    const char *id, *type; /* in place of the usual ones */
    const char *to;        /* of what stands for the domain in an address */
    /* More of what is too long to be written down; the number says how much. */
    void (*add)(struct buf *attrs, struct buf *inside, unsigned number);
    unsigned number;
    bool declared; /* uses a prefix that only the stream header declares */
};

/* The shape at that place; NULL behind the last. */
const struct shape *shape_at(size_t index);

/* The attributes that a stream header has for those that are `declared`. */
#define SHAPE_DECLARATIONS "xmlns:foo='urn:example:foo' xmlns:c='jabber:client'"

#endif
