/* Carries out changes of affiliation and role that are decided elsewhere: their effect on those
 * inside, and who is told. */
#ifndef MUC_AFFILIATE_H
#define MUC_AFFILIATE_H

#include <stdbool.h>

#include "coven/span.h"
#include "muc/state/privilege.h"

struct actor;
struct occupant;
struct room;

/* Who makes the change, and why. Each may be NULL. */
struct change {
    const struct actor *actor;
    const char *reason; /* NULL: leave it, unless the affiliation changes */
    const char *nick;   /* nick to reserve; "": end the reservation; NULL: leave it, unless the user
                           is banned or loses the affiliation */
};

/*
 * Gives a bare JID, or a domain, an affiliation. Occupants who must not stay leave with 301 or 321;
 * those who stay get the role that the affiliation asks for; everybody sees the change. For a user
 * who is not inside, occupants who may know of it get a message, with 301 if it is a ban, and the
 * user gets one with 101.
 * The room may be gone afterwards.
 */
void affiliate_user(struct room *room, struct span bare, enum affiliation affiliation,
                    const struct change *change);

/* Shows everybody the occupants of a user whose affiliation somebody has confirmed. */
void affiliate_confirm(const struct room *room, struct span bare, const struct change *change);

/* Gives an occupant a role other than none, and tells everybody. A new moderator of a
 * semi-anonymous room gets everybody's presence again, now with real JIDs. */
void affiliate_role(struct occupant *occupant, enum role role, const struct change *change);

#endif
