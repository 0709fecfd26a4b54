/* Messages of a room: as they are sent to everybody, kept, and sent again later. */
#ifndef MUC_MESSAGE_H
#define MUC_MESSAGE_H

#include <stdint.h>

#include "coven/outbox.h"
#include "request.h"

struct session;

/* What names a message for ever: time and sequence, and chance so that nobody can guess it. */
struct message_id {
    int64_t key; /* milliseconds << 16 | sequence, never less than one before */
    uint64_t noise;
};

struct message_id message_id_next(struct service *service);

/* The time in a key, milliseconds since 1970. */
int64_t message_key_time(int64_t key);

/* A groupchat message of the sender's as the room sends it. The caller owns the reference. NULL: it
 * is too large. */
struct rendered *message_render(struct request *request, struct message_id id);

/* A message that was sent before, to one session, with the time at which that was. */
void message_replay(const struct session *session, struct span bytes, uint32_t to_at,
                    int64_t sent_ms);

/* How many characters long that stanza is. */
size_t message_replay_chars(const struct session *session, struct span bytes, int64_t sent_ms);

#endif
