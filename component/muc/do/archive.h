/* The archive of a room (XEP-0313): which messages are kept. */
#ifndef MUC_ARCHIVE_H
#define MUC_ARCHIVE_H

#include "coven/store.h"
#include "muc/say/message.h"
#include "muc/state/request.h"

struct rendered;
struct room;
struct session;

/* Keeps a message of `author`; NULL: the room is the author. */
void archive_add(struct room *room, const struct session *author, struct rendered *stanza,
                 struct message_id id, enum store_kind kind);

/* Finds a message by its id, in the archive or among those kept for history. */
enum store_result archive_find(struct room *room, const char *id, store_message_each *each,
                               void *user);

#endif
