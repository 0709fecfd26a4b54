/* Going: of one's own will, by force, or with the room. */
#ifndef MUC_LEAVE_H
#define MUC_LEAVE_H

#include "presence.h"

struct room;
struct session;

/*
 * One session goes. It gets `event` with 110; if it was the occupant's last, so do the others
 * (without 110), else they see the occupant as it is now. The session is freed, and the room may be
 * gone.
 */
void session_depart(struct session *session, struct presence_event *event);

/* The occupant goes with all its sessions. The room may be gone. */
void occupant_depart(struct occupant *occupant, struct presence_event *event);

/* The same without telling anybody: that was done before. */
/* What it said and what is not sent yet, nobody gets any more. */
void occupant_silence(const struct occupant *occupant);

void occupant_remove(struct occupant *occupant);

/* A room that nobody is in any more, and that is not to stay, is no more. */
void room_reap(struct room *room);

#endif
