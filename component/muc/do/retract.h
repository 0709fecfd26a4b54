/* Taking messages back: their authors (XEP-0424), and moderators (XEP-0425). */
#ifndef MUC_RETRACT_H
#define MUC_RETRACT_H

#include <stdbool.h>

#include "coven/store.h"
#include "coven/xml.h"
#include "muc/say/message.h"
#include "muc/state/request.h"

struct occupant;
struct room;

/* A stored message that may be taken back. */
struct retractable {
    struct message_id id;
    struct buf author;           /* bare JID; empty: the room */
    struct buf attributes;       /* of the stanza, rendered */
    bool is_retraction;          /* it is a retraction itself: only moderators may take it back */
    struct message_id retracted; /* the message that this retraction took back */
    uint32_t to_at;
};

/* Finds a message by its id. STORE_NOTHING: there is none, or it cannot be taken back. The caller
 * closes a message that was found. */
enum store_result retract_find(struct retractable *message, struct room *room, const char *id);
void retract_close(struct retractable *message);

/* Who takes a message back, and why. */
struct retraction {
    const char *id;                  /* of the stanza that does it */
    const struct occupant *occupant; /* the moderator; NULL: the author itself */
    const char *reason;              /* NULL: none is given */
};

/* Writes <moderated/>, if a moderator takes the message back, and the reason. */
void retract_write(struct xml *xml, const struct retraction *retraction);

/* Leaves a tombstone in the place of the message. */
void retract_carry_out(struct room *room, const struct retractable *message,
                       const struct retraction *retraction);

/* If this groupchat message takes back another of the same user, does so and returns true. */
bool retract_own(struct request *request);

#endif
