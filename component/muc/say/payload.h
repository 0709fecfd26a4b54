/* Copies what a client put into a stanza, except elements that only the room may write. */
#ifndef MUC_PAYLOAD_H
#define MUC_PAYLOAD_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/blob.h"
#include "coven/span.h"
#include "coven/xml.h"

/*
 * Copies the children of `stanza` except those that only the room may write: everything of muc and
 * muc#user, occupant ids, original senders, and stanza ids and delays in the name of `room` (its
 * bare JID). Also leaves out what names the sender: ids of its own archive, and the attributes of
 * redact.h, and an empty body or thread beside a subject.
 */
void payload_copy(struct xml *xml, xmpp_stanza_t *stanza, struct span room);

/* Renders the same children, for the presence of a session. The caller owns the reference. */
struct blob *payload_render(xmpp_stanza_t *stanza, struct span room);

/* Is this a message that history keeps: with a body, or encrypted, or a marker, or a hint that says
 * so? */
bool payload_is_lasting(xmpp_stanza_t *stanza);

#endif
