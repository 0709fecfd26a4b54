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
struct session;

/* What tells everybody where a message is kept and who wrote it; `occupant_id` NULL: the room. */
void message_write_ids(struct xml *xml, const struct room *room, struct message_id id,
                       const char *occupant_id);

/* A groupchat message of the sender's as the room sends it. The caller owns the reference. NULL: it
 * is too large. */
struct rendered *message_render(struct request *request, struct message_id id);

/* A message that was sent before, to one session, with the time at which that was. */
void message_replay(const struct session *session, struct span bytes, uint32_t to_at,
                    int64_t sent_ms);

/* How many characters long that stanza is. */
size_t message_replay_chars(const struct session *session, struct span bytes, int64_t sent_ms);

#endif
