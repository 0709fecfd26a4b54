/*
 * The last stanza, to know it again: what a room sends to its occupants is one stanza over and
 * over, each time to another address. Bytes that differ in nothing but the value of `to` mean the
 * same, so whatever a parser found out about them holds. Of tools/wire only.
 */
#ifndef WIRE_REPEAT_H
#define WIRE_REPEAT_H

#include "coven/buf.h"
#include "coven/span.h"

/* All zero remembers nothing. */
struct repeat {
    struct buf text; /* the stanza; empty: none */
    size_t value;    /* where the value of its `to` begins */
    size_t rest;     /* where it ends: at a quote */
    size_t behind;   /* how many bytes follow the opening tag */
    struct buf to;   /* the value that was met last */
};

void repeat_free(struct repeat *repeat);
void repeat_forget(struct repeat *repeat);

/* Remembers a well-formed stanza, whose opening tag is so long; one without a plain `to` it
 * forgets. */
void repeat_learn(struct repeat *repeat, struct span stanza, size_t tag_len);

/* How long the stanza at the front of the bytes is, if it is the remembered one with a `to` that
 * needs no parser to be read, which is in repeat->to then; else 0. */
size_t repeat_match(struct repeat *repeat, struct span bytes);

#endif
