/* How the taking back of a message is told, in both versions that clients speak: that of today
 * (XEP-0424 0.4, XEP-0425 0.3), and the one before, which fastened it to the message. */
#ifndef MUC_RETRACTION_H
#define MUC_RETRACTION_H

#include <stdint.h>

#include "coven/span.h"
#include "coven/xml.h"

struct room;

/* Who takes a message back, and why. */
struct retraction {
    const char *id;        /* of the stanza that does it */
    const char *moderator; /* occupant id of the moderator; NULL: the author itself */
    struct span by;        /* the moderator's address in the room; empty: it has none */
    const char *reason;    /* NULL: none is given */
};

/* Writes an id that is escaped already, as the open element's attribute. */
void retraction_write_id(struct xml *xml, struct span escaped);

/* Writes what the room tells everybody when a moderator retracts the message with this id. Clients
 * that know neither version show the text. */
void retraction_write_notice(struct xml *xml, const struct room *room,
                             const struct retraction *retraction, const char *message);

/* Writes what stands in the archive in place of the message. `origin_id` is the id of the message's
 * <origin-id/>, escaped; empty: it has none. */
void retraction_write_tombstone(struct xml *xml, const struct room *room,
                                const struct retraction *retraction, struct span origin_id);

#endif
