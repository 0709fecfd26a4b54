/* What a client put into a stanza, passed on without what only the room may say. */
#ifndef MUC_PAYLOAD_H
#define MUC_PAYLOAD_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/blob.h"
#include "coven/span.h"
#include "coven/xml.h"

/*
 * Copies the children of `stanza` but for those that a client cannot truly know of: everything of
 * muc and muc#user, occupant ids, original senders, and stanza ids and delays in the name of `room`
 * (its bare JID). Left out is also what servers add and what names the sender: ids of its own
 * archive, and the attributes of redact.h.
 */
void payload_copy(struct xml *xml, xmpp_stanza_t *stanza, struct span room);

/* The same as bytes, for the presence of a session. The caller owns the reference. */
struct blob *payload_render(xmpp_stanza_t *stanza, struct span room);

/* Is this a message that history keeps: with a body, or encrypted, or a marker, or a hint that says
 * so? */
bool payload_is_lasting(xmpp_stanza_t *stanza);

#endif
