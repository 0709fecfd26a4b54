/*
 * What names a user in a stanza that is passed on, by the doing of a server and not by the user's
 * own will: a pubsub service says who published an item and who is subscribed (XEP-0060), with real
 * addresses. These attributes are taken off in every room: one may become semi-anonymous before the
 * answer comes, and whoever may see the address has it from presence.
 *
 * What a user writes itself stays: what is inside an item, a message that it forwards (XEP-0297),
 * the delays of talk that it brings along (XEP-0045, 7.9), the address in a vCard.
 */
#ifndef MUC_REDACT_H
#define MUC_REDACT_H

#include <strophe.h>

#include "coven/xml.h"

/* Copies the element as xml_copy() does, but without such attributes. */
void redact_copy(struct xml *xml, xmpp_stanza_t *element);

/*
 * Opens the error of such a stanza again, with its type and condition: `by`, the text and what a
 * condition may hold (gone, redirect) can tell who somebody is. The caller closes it.
 */
void redact_error_open(struct xml *xml, xmpp_stanza_t *stanza);

#endif
