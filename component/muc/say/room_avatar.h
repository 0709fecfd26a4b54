/* The avatar of a room, told by presence (XEP-0153; XEP-0486, "previous usage"): many clients look
 * nowhere else. The service may be configured not to do so. */
#ifndef MUC_ROOM_AVATAR_H
#define MUC_ROOM_AVATAR_H

struct room;
struct session;

/* Sends the hash of the room's avatar to a session. Nothing is sent if the room has none: some
 * clients take that for an occupant without a nick. */
void room_avatar_send(const struct session *session);

/* Sends it to everybody inside. Without an avatar it is empty: the one that was there is gone. */
void room_avatar_announce(struct room *room);

#endif
