/* Stanzas of a room that are not for everybody in it. */
#ifndef MUC_DELIVER_H
#define MUC_DELIVER_H

#include "coven/outbox.h"

struct occupant;
struct room;
struct session;

/* To one session: a stanza whose address was left open, with real JIDs if it may see them. */
void deliver_to_session(const struct session *session, const struct rendered *stanza);

/* To every session of an occupant. */
void deliver_to_occupant(const struct occupant *occupant, const struct rendered *stanza);

/* To every session of every moderator, but for one (NULL: to all). */
void deliver_to_moderators(struct room *room, struct rendered *stanza,
                           const struct occupant *except);

#endif
