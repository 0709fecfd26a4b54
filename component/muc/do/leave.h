/* Going: of one's own will, by force, or with the room. */
#ifndef MUC_LEAVE_H
#define MUC_LEAVE_H

#include "muc/say/presence.h"

struct rendered;
struct room;
struct session;

/*
 * One session goes. It gets `event` with 110; if it was the occupant's last, so do the others
 * (without 110), else they see the occupant as it is now. The session is freed, and the room may be
 * gone.
 */
void leave_session(struct session *session, struct presence_event *event);

/* The part of that which comes before: what is told to the session itself, if it is to be, and to
 * the others, if it is the occupant's last. */
void leave_farewell(const struct session *session, struct presence_event *event, bool to_itself);

/* Some of its sessions are gone, others are still there: whoever sees a difference from `before` is
 * told. */
void leave_show_rest(const struct occupant *occupant, const struct rendered *before);

/* The occupant goes with all its sessions. The room may be gone. */
void leave_occupant(struct occupant *occupant, struct presence_event *event);

/* What it said and what is not sent yet, nobody gets any more. */
void leave_silence(const struct occupant *occupant);

/* As leave_occupant(), without telling anybody: that was done before. */
void leave_remove(struct occupant *occupant);

#endif
