/*
 * What a room is: all that a restart must not change. A value, so that what the room was before a
 * change, and what it is to be after it, can stand side by side.
 */
#ifndef CRASH_SHAPE_H
#define CRASH_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"

/* The people around a room; the first is its owner, who is always inside. */
#define SEATS_MAX 16

enum { OUTCAST, NONE, MEMBER, ADMIN, OWNER, AFFILIATIONS };
extern const char *const affiliation_words[AFFILIATIONS];

struct shape {
    bool exists;
    bool settled; /* it was configured; before that it is locked (the form does not tell) */
    bool members_only, moderated;
    uint32_t password;              /* 0: none, else a number that makes one */
    uint32_t title;                 /* a number that makes one; 0: none */
    uint8_t affiliation[SEATS_MAX]; /* of each one's user */
    uint32_t nick[SEATS_MAX];       /* the number of the nick; 0: not inside */
};

/* A room that is not there. */
struct shape shape_of_nothing(void);

/* One line about the first thing that is different; false: nothing is. `blind` are the seats (bits)
 * of which it does not matter whether they are inside. */
bool shape_differs(const struct shape *is, const struct shape *should, uint32_t seats,
                   uint32_t blind, struct buf *why);

/* Who may not be in it any more has left: the outcasts, and others than members where it is for
 * members only. */
void shape_clear_out(struct shape *shape, uint32_t seats);

#endif
