/* Copies what a client put into a stanza, except what only the service may say (claims.h). */
#ifndef MUC_PAYLOAD_H
#define MUC_PAYLOAD_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/blob.h"
#include "coven/span.h"
#include "coven/xml.h"
#include "muc/state/claims.h"

struct occupant;

/* Where a stanza goes, and who sends it. */
struct payload_scope {
    struct claims_scope claims;
    const struct occupant *speaker; /* of a message to all; NULL: it is none */
};

/*
 * Copies the children of `stanza` except claims, attributes that name the sender (redact.h), and an
 * empty body or thread beside a subject.
 */
void payload_copy(struct xml *xml, xmpp_stanza_t *stanza, const struct payload_scope *scope);

/* Renders the same children, for the presence of a session in `room`. The caller owns the
 * reference. */
struct blob *payload_render(xmpp_stanza_t *stanza, struct span room);

#endif
