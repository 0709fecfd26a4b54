/*
 * A stanza with a list of recipients, as the module mod_coven_multi takes it (coven/outbox.h): what
 * a server needs to make the copies.
 */
#ifndef WIRE_MULTI_H
#define WIRE_MULTI_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/span.h"
#include "wire/stream.h"

/* The limits that are told to the component. */
#define WIRE_MULTI_RECIPIENTS 250u
#define WIRE_MULTI_BYTES      (32u * 1024u)

struct wire_multi {
    const struct wire_stanza *stanza;
    char *key, *list;         /* unescaped; the addresses have tabs between them */
    char *at;                 /* the next address */
    struct span rest;         /* the inner bytes without the list */
    struct wire_stanza *copy; /* the present one */
};

/* Does a component ask its own domain whether copies can be made here? */
bool wire_multi_asks(const struct wire_stanza *stanza, const char *domain);

/* Writes the payload of the answer. */
void wire_multi_write_terms(const char *key, struct buf *out);

/*
 * Opens a stanza that came from the component of that domain. False: it has no list, another key,
 * or exceeds a limit, and is to be routed as it is. Else wire_multi_close() is due.
 */
bool wire_multi_open(struct wire_multi *multi, const struct wire_stanza *stanza, const char *domain,
                     const char *key);
void wire_multi_close(struct wire_multi *multi);

/* The copy for the next recipient on the list, valid until the next call; NULL: there is no other.
 * Its tree, if there is one, is the stanza's, from which the list has been taken out. */
const struct wire_stanza *wire_multi_next(struct wire_multi *multi);

#endif
