/* Invitations as the room sends them (XEP-0045, 7.8.2 and 7.9). */
#ifndef MUC_INVITATION_H
#define MUC_INVITATION_H

#include "coven/outbox.h"
#include "coven/span.h"

struct room;
struct session;
struct xml;

struct invitation {
    struct span inviter; /* as the invitee may know whoever invites */
    struct span invitee;
    const char *id;     /* NULL: none */
    const char *reason; /* "" for none */
    bool continues;     /* a conversation of two goes on in the room, */
    const char *thread; /* in this thread; NULL: none is named */
};

/* By what name outsiders may know who is inside: its real JID, or the one it has in the room. */
struct span session_public_jid(const struct session *session);

/*
 * With the password of a protected room, the element of direct invitations (XEP-0249), and a line
 * for clients that know neither. The caller owns the reference. NULL: it is too large.
 */
struct rendered *invitation_render(struct room *room, const struct invitation *invitation);

/* " did something with the room ROOM (REASON)", for those clients. */
void invitation_write_body(struct xml *xml, struct span who, const char *did,
                           const struct room *room, const char *reason);

#endif
