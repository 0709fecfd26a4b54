/*
 * The server's module that makes copies (coven/outbox.h). It is away now and then, for a moment or
 * when the link comes up: then each list comes back whole, as from a server without it.
 */
#ifndef CRASH_MULTI_H
#define CRASH_MULTI_H

#include <stdint.h>

#include "coven/id.h"
#include "wire/stream.h"

struct run;

struct multi {
    char key[ID_TEXT_SIZE]; /* "": the module is away, */
    int64_t back_ms;        /* until then */
    uint32_t countdown;     /* lists until it goes away */
    uint64_t lists, returned;
};

/* A new link: the module knows no key of it. */
void multi_begin(struct run *run);

/* The link's stanza callback, in place of receive_stanza(), which gets the copies; `user` is the
 * run. */
void multi_stanza(void *user, const struct wire_stanza *stanza);

/* Lets the module come back when its time has come, and covend ask for it. */
void multi_tick(struct run *run);

#endif
