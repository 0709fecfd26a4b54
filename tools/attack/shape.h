/* Unexpected stanzas: what is in their tag and inside of them. */
#ifndef ATTACK_SHAPE_H
#define ATTACK_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/buf.h"

/* NULL: the usual. */
struct shape {
    const char *name;
    const char *attrs;     /* more attributes of the stanza */
    const char *inside;    /* content of the stanza */
    const char *id, *type; /* replace the usual ones */
    const char *to;        /* follows the address of the room or service */
    /* Adds what is too long to be written here; the number says how much. */
    void (*add)(struct buf *attrs, struct buf *inside, unsigned number);
    unsigned number;
    bool declared; /* uses a prefix that only the stream header declares */
};

/* The shape at that index; NULL: there are no more. */
const struct shape *shape_at(size_t index);

/* The attributes of the stream header for shapes that are `declared`. */
#define SHAPE_DECLARATIONS "xmlns:foo='urn:example:foo' xmlns:c='jabber:client'"

#endif
