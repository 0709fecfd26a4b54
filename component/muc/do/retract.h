/* Taking messages back: their authors (XEP-0424), and moderators (XEP-0425). */
#ifndef MUC_RETRACT_H
#define MUC_RETRACT_H

#include <stdbool.h>

#include "coven/store.h"
#include "muc/say/retraction.h"
#include "muc/state/message_id.h"
#include "muc/state/request.h"

struct room;

/* A stored message that may be taken back. */
struct retractable {
    int64_t key;
    char name[MESSAGE_NAME_SIZE]; /* its id */
    struct buf author;            /* bare JID; empty: it was imported, and nobody knows */
    struct buf occupant_id;       /* of the author; empty: it is not known */
    struct buf attributes;        /* of the stanza, rendered */
    struct buf origin_id;         /* the id in its <origin-id/>, escaped; empty: it has none */
    bool is_subject;              /* it set the subject that the room has */
    bool is_retraction;           /* it is a retraction itself: only moderators may take it back */
    bool is_fastened;             /* a retraction of the version before */
    struct buf retracted;         /* the id in this retraction, escaped */
    uint32_t to_at;
};

/* Finds a message by its id in the archive. STORE_NOTHING: there is none, or it cannot be taken
 * back. The caller closes the message, whatever the result. */
enum store_result retract_find(struct retractable *message, struct room *room, const char *id);
void retract_close(struct retractable *message);

/* Leaves a tombstone in the place of the message. If it set the room's subject, that is gone, too.
 */
void retract_carry_out(struct room *room, const struct retractable *message,
                       const struct retraction *retraction);

/* Is a <retract/> in the element, of whichever version? */
bool retract_is_in(xmpp_stanza_t *element);

/* Takes back the message with this id in the archive, if `author` wrote it. STORE_NOTHING: nobody's
 * message has this id. `retraction`: the id of the stanza that retracts. */
enum store_result retract_by_author(struct room *room, struct span author, const char *id,
                                    const char *retraction, bool *done_r);

enum retract_outcome {
    RETRACT_NONE,   /* the message retracts nothing */
    RETRACT_DONE,   /* another message was taken back */
    RETRACT_SOUGHT, /* the other message is searched for, and taken back when it is found */
};

/* If this groupchat message takes back another of the same user, does so. `id` is what the archive
 * calls this message. Returns an error if the message must not be sent. */
const struct stanza_error *retract_own(struct request *request, struct message_id id,
                                       enum retract_outcome *outcome_r);

#endif
