/* Deliver a room's stanza to some of those in it. The stanza leaves its address open, and the
 * caller keeps its own reference. */
#ifndef MUC_DELIVER_H
#define MUC_DELIVER_H

#include "coven/outbox.h"

struct occupant;
struct room;
struct session;

/* To one session, with real JIDs if its occupant may see them. */
void deliver_to_session(const struct session *session, struct rendered *stanza);

/* To every session of one occupant. */
void deliver_to_occupant(const struct occupant *occupant, struct rendered *stanza);

/* To every session of every moderator but `except` (NULL: of all moderators). */
void deliver_to_moderators(struct room *room, struct rendered *stanza,
                           const struct occupant *except);

#endif
