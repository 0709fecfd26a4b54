/* Leaving a room (XEP-0045, 7.14): by choice, by force, or because the room ends. */
#ifndef MUC_LEAVE_H
#define MUC_LEAVE_H

#include "muc/say/presence.h"

struct rendered;
struct room;
struct session;

/* Before a session leaves: tells the session, if `to_itself`, and the others, if it is the
 * occupant's last session. */
void leave_farewell(const struct session *session, struct presence_event *event, bool to_itself);

/* Sessions of the occupant have left and others have stayed: tells everybody who sees a difference
 * from `before`. */
void leave_show_rest(const struct occupant *occupant, const struct rendered *before);

/* Tells everybody that the occupant leaves with all its sessions, and takes it out. The room may be
 * gone. */
void leave_occupant(struct occupant *occupant, struct presence_event *event);

/* Drops the occupant's messages that are still queued. */
void leave_silence(const struct occupant *occupant);

/* Takes the occupant out as leave_occupant() does, but tells nobody. */
void leave_remove(struct occupant *occupant);

#endif
