/* Messages that ask something of the room itself. */
#ifndef MUC_ROOM_MESSAGE_H
#define MUC_ROOM_MESSAGE_H

#include <stdbool.h>
#include <strophe.h>

/* Is it an invitation, the answer to one, or a form that only the room understands? Such a message
 * must be of type normal (XEP-0045, 7.8.2). */
bool room_message_is_asked(xmpp_stanza_t *stanza);

#endif
