/*
 * Removes attributes in which a server, not the user, reveals the user's real address: a pubsub
 * service says who published an item and who is subscribed (XEP-0060). They are removed in every
 * room: it may become semi-anonymous before the answer comes, and occupants who may see the address
 * know it from presence.
 *
 * Everything that users write themselves stays: the contents of an item, forwarded messages
 * (XEP-0297), the address in a vCard.
 */
#ifndef MUC_REDACT_H
#define MUC_REDACT_H

#include <strophe.h>

#include "coven/xml.h"

/* Copies the element as xml_copy() does, but without such attributes. */
void redact_copy(struct xml *xml, xmpp_stanza_t *element);

/* Opens an <error/> with the type and condition of the stanza's error alone: `by`, the text and the
 * content of a condition (gone, redirect) can reveal a user. The caller closes it. */
void redact_error_open(struct xml *xml, xmpp_stanza_t *stanza);

#endif
