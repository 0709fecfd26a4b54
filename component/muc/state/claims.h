/*
 * Elements that clients take for the word of the room or of the service: who somebody is, when a
 * message was sent, what was taken back, what an archive or a server passes on. Nobody else may say
 * these things, so they are removed from what clients send. What a user says about others inside of
 * <forwarded/> (XEP-0297) stays.
 */
#ifndef MUC_CLAIMS_H
#define MUC_CLAIMS_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/buf.h"
#include "coven/span.h"

enum claims_verdict {
    CLAIMS_NOTHING,
    CLAIMS_INSIDE,  /* elements inside of it may: see claims_drop() */
    CLAIMS_EARLIER, /* the delay of something that others said earlier: in a message to all, only an
                       owner may repeat that (XEP-0045, 7.9) */
    CLAIMS_WHOLE,
};

/* Where the stanza goes. */
struct claims_scope {
    struct span room; /* bare JID */
    bool is_private;  /* to one occupant; delays of others than the service pass (XEP-0203) */
};

/* Judges a child of a stanza. */
enum claims_verdict claims_judge(const struct claims_scope *scope, xmpp_stanza_t *child,
                                 xmpp_stanza_t *stanza);

/* Is the element inside of such a child to be removed? A function for xml_copy_without(). */
bool claims_drop(xmpp_stanza_t *element, const char *attribute);

/* Appends the children of a presence that was stored, perhaps by a version that removed less. */
void claims_clean(struct span payload, struct buf *out);

#endif
