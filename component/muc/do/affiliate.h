/*
 * Changes of affiliation and role, decided and carried out elsewhere than where they were asked
 * for: what follows from them for those inside, and who is told.
 */
#ifndef MUC_AFFILIATE_H
#define MUC_AFFILIATE_H

#include <stdbool.h>

#include "coven/span.h"
#include "muc/state/privilege.h"

struct occupant;
struct room;

/* Who did it, and why. Any of these may be NULL. */
struct change {
    const char *actor_nick; /* of whoever is inside */
    const char *reason;
    const char *nick; /* to be reserved for the user: "" for none any more; NULL leaves it as it is,
                         but who is banned or loses the affiliation loses it too */
};

/*
 * Gives a bare JID (or a domain) an affiliation. Occupants whom it makes leave get 301 or 321,
 * those who stay a new role where it asks for one, and everybody sees it. Of somebody absent the
 * occupants who may know of it are told by a message, and the user by one with 101. The room may be
 * gone afterwards.
 */
void affiliate_user(struct room *room, struct span bare, enum affiliation affiliation,
                    const struct change *change);

/*
 * Gives an occupant another role than none, and tells everybody. Who becomes a moderator of a
 * semi-anonymous room gets everybody's presence anew, for now it may see real JIDs.
 */
void affiliate_role(struct occupant *occupant, enum role role, const struct change *change);

#endif
