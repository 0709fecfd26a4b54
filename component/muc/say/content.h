/* What the children of a message say about keeping it. */
#ifndef MUC_CONTENT_H
#define MUC_CONTENT_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/span.h"

enum content {
    CONTENT_FLEETING, /* nothing keeps it: a chat state, or a hint forbids it (XEP-0334) */
    CONTENT_ASIDE,    /* it is about another message: the archive keeps it, history does not */
    CONTENT_TALK,     /* archive and history keep it */
};

/* Judges a message. A retraction is kept whatever its hints say (XEP-0424). */
enum content content_of(xmpp_stanza_t *message);

/* Is this message of the store talk? For those that were stored before the store knew. */
bool content_is_talk(struct span stored);

#endif
