/* Invitations that the room sends (XEP-0045, 7.8.2 and 7.9). */
#ifndef MUC_INVITATION_H
#define MUC_INVITATION_H

#include "coven/outbox.h"
#include "coven/span.h"

struct room;
struct session;
struct xml;

struct invitation {
    struct span inviter; /* the inviter's address as the invitee may know it */
    struct span invitee;
    const char *id;     /* NULL: none */
    const char *reason; /* "" for none */
    bool continues;     /* the room continues a one-to-one chat (7.9) */
    const char *thread; /* the thread of that chat; NULL: not given */
};

/* The address by which outsiders may know an occupant: its real JID, or its address in the room. */
struct span invitation_public_jid(const struct session *session);

/* Renders the invitation, with the password of a protected room, the element of direct invitations
 * (XEP-0249), and a line for clients that know neither. The caller owns the reference. NULL: it is
 * too large. */
struct rendered *invitation_render(struct room *room, const struct invitation *invitation);

/* Writes the line for clients that know neither: `who`, then `did`, such as " invited you to the
 * room ", then the room and the reason. */
void invitation_write_body(struct xml *xml, struct span who, const char *did,
                           const struct room *room, const char *reason);

#endif
