/*
 * What a restart must not change of a room. A value, so that the states before and after a change
 * can be compared.
 */
#ifndef CRASH_ROOM_STATE_H
#define CRASH_ROOM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"

/* The people around a room; the first is its owner and always inside. */
#define SEATS_MAX 16

enum { OUTCAST, NONE, MEMBER, ADMIN, OWNER, AFFILIATIONS };
extern const char *const affiliation_words[AFFILIATIONS];

struct room_state {
    bool exists;
    bool gone;       /* it does not exist because it was destroyed, and the service says so */
    bool configured; /* false: locked; the form does not show it */
    bool members_only, moderated;
    uint32_t password;              /* a number that becomes a password; 0: none */
    uint32_t title;                 /* a number that becomes a title; 0: none */
    uint8_t affiliation[SEATS_MAX]; /* of each seat's user */
    uint32_t nick[SEATS_MAX];       /* number of the nick; 0: not inside */
};

/* The state of a room that does not exist. */
struct room_state room_state_none(void);

/* Do the states differ? Then `why` names the first difference. It does not matter whether the seats
 * in `blind` (bits) are inside. */
bool room_state_differs(const struct room_state *is, const struct room_state *should,
                        uint32_t seats, uint32_t blind, struct buf *why);

/* Removes those who may not be inside: outcasts, and non-members of a members-only room. */
void room_state_remove_barred(struct room_state *state, uint32_t seats);

#endif
