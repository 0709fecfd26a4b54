/* Messages of a room: as they are sent to everybody, kept, and sent again later. */
#ifndef MUC_MESSAGE_H
#define MUC_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/outbox.h"
#include "coven/xml.h"
#include "muc/state/message_id.h"

struct request;
struct room;

/* What tells everybody where a message is kept and who wrote it; `occupant_id` NULL: the room. */
void message_write_ids(struct xml *xml, const struct room *room, struct message_id id,
                       const char *occupant_id);

/* A groupchat message of the sender's as the room sends it. The caller owns the reference. NULL: it
 * is too large. */
struct rendered *message_render(struct request *request, struct message_id id);

/* A message that the room sent before, with the time at which it did (XEP-0203). Its address is
 * left open as in `bytes`. The caller owns the reference. */
struct rendered *message_delayed(const struct room *room, struct span bytes, uint32_t to_at,
                                 int64_t sent_ms);

#endif
