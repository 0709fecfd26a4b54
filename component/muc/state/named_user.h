/* The user whom a client names by an address. */
#ifndef MUC_NAMED_USER_H
#define MUC_NAMED_USER_H

#include "coven/jid.h"
#include "coven/stanza_error.h"

struct room;

/* The service's own addresses are those of rooms and occupants, not of users. Replaces the address
 * of an occupant of the room, or of a nick reserved there, by the user's bare JID. NULL, or the
 * refusal of any other address of the service; addresses elsewhere stay as they are. */
const struct stanza_error *named_user_resolve(const struct room *room, struct jid *jid);

#endif
