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

/* A message that may be taken back, as it is kept. */
struct retractable {
    struct message_id id;
    struct buf author;       /* bare JID; empty: the room */
    struct buf attributes;   /* of the stanza, rendered */
    bool takes_back;         /* it takes a message back itself, */
    struct message_id taken; /* this one: only moderators take away what else it says */
    uint32_t to_at;
};

/* STORE_NOTHING: there is none of that id, or it is none that can be taken back. The caller closes
 * one that was found. */
enum store_result retract_find(struct retractable *message, struct room *room, const char *id);
void retract_close(struct retractable *message);

/* By whom and why a message is taken back. */
struct retraction {
    const char *id;                  /* of the stanza that does it */
    const struct occupant *occupant; /* the moderator; NULL: the author itself */
    const char *reason;              /* NULL: none is given */
};

/* <moderated/> and the reason, where a moderator takes the message back. */
void retract_write(struct xml *xml, const struct retraction *retraction);

/* Leaves a tombstone in the place of the message. */
void retract_carry_out(struct room *room, const struct retractable *message,
                       const struct retraction *retraction);

/* Does this groupchat message take back one of the same user's? Then that is done. */
bool retract_own(struct request *request);

#endif
