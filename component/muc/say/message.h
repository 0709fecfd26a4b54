/* Groupchat messages as the room sends them, and sends them again later. */
#ifndef MUC_MESSAGE_H
#define MUC_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/outbox.h"
#include "coven/xml.h"
#include "muc/state/message_id.h"

struct request;
struct room;

/* Writes the id in the room's archive (XEP-0359), if the archive has the message, and the author's
 * occupant id (XEP-0421; NULL: the room is the author). A client that asks the archive for what
 * came after a message that it does not have would load everything again. */
void message_write_ids(struct xml *xml, const struct room *room, struct message_id id,
                       const char *occupant_id);

/* Writes the same ids as they are; NULL: not that one. `room`: the room's address. */
void message_write_names(struct xml *xml, struct span room, const char *id,
                         const char *occupant_id);

/* The request's message as the room sends it, its address left open; without an id, nothing keeps
 * it. The caller owns the reference. NULL: the message is too large. */
struct rendered *message_render(struct request *request, struct message_id id);

/* Renders a message that the room sent earlier, with the time when it was sent (XEP-0203), and
 * without its id if it is not in the archive any more. Its address stays open at `to_at`. The
 * caller owns the reference. */
struct rendered *message_delayed(const struct room *room, struct span bytes, uint32_t to_at,
                                 int64_t sent_ms, bool is_archived);

#endif
