/*
 * What occupants learn of each other: presence with the muc#user element (XEP-0045, 7.2.2),
 * rendered for those who may see real JIDs and those who may not. The children of that element
 * always come in this order: statuses of the event (or <destroy/>), the item or items, status 110.
 */
#ifndef MUC_PRESENCE_H
#define MUC_PRESENCE_H

#include <stdbool.h>

#include "coven/outbox.h"
#include "coven/span.h"
#include "muc/state/privilege.h"

struct occupant;
struct room;
struct session;
struct xml;

#define PRESENCE_CODES_MAX 6

/* A presence that says more than how things are. */
struct presence_event {
    bool unavailable;
    enum role role;
    enum affiliation affiliation;
    int codes[PRESENCE_CODES_MAX]; /* ends with a 0, or is full */
    const struct session *only;    /* the session it speaks of; NULL: all of the occupant's */
    const char *new_nick;          /* 303 */
    const char *actor_nick;        /* who did it */
    const char *reason;
    struct span payload; /* what stands in the presence beside muc#user, rendered */
    void (*extra)(struct xml *xml, void *user); /* written in the place of the statuses */
    void *extra_user;
};

/* How the occupant is: available, with its role, affiliation and shown presence. */
struct presence_event presence_event_of(const struct occupant *occupant);

/* It is going, without role. */
struct presence_event presence_event_gone(const struct occupant *occupant);

void presence_event_code(struct presence_event *event, int code);

/* What newcomers see of the occupant. The caller owns the reference. */
struct rendered *presence_render(const struct occupant *occupant);

/* To everybody but the occupant itself, if its presence is shown: something about it changed. */
void presence_to_others(const struct occupant *occupant, const struct presence_event *event);

/* To those others to whom it looks different now from what newcomers saw `before` (NULL: nothing).
 */
void presence_update(const struct occupant *occupant, const struct rendered *before);

/* To one session of the occupant's, with 110 and its own JIDs. `id` may be NULL. */
void presence_to_session(const struct session *session, const struct presence_event *event,
                         const char *id);

/* To everybody but the occupant itself, how it is, once more: nothing changed. */
void presence_repeat(const struct occupant *occupant);

/* Everybody else's presence, to one session of the occupant's. */
void presence_of_others(const struct session *session);

/* To all of the occupant's sessions. */
void presence_to_self(const struct occupant *occupant, const struct presence_event *event);

/* The occupant stays, but its presence is shown to the others no longer: for them it is gone. */
void presence_vanish(const struct occupant *occupant);

/* To others and to itself: something about the occupant changed. */
void presence_announce(const struct occupant *occupant, const struct presence_event *event);

#endif
