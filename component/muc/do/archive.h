/* The archive of a room (XEP-0313): what is kept of what is said, and who may read it. */
#ifndef MUC_ARCHIVE_H
#define MUC_ARCHIVE_H

#include <stdbool.h>

#include "coven/store.h"
#include "muc/say/message.h"
#include "muc/state/request.h"

struct rendered;
struct room;
struct session;

/* Does the room keep an archive? Without one, messages are kept for its history alone. */
bool archive_is_kept(const struct room *room);

/* Keeps a message of `author`; NULL: of the room itself. */
void archive_add(struct room *room, const struct session *author, struct rendered *stanza,
                 struct message_id id, enum store_kind kind);

/* The message with that id, as it is kept in the archive or for history. */
enum store_result archive_find(struct room *room, const char *id, store_message_each *each,
                               void *user);

/* May the sender read the archive, now (XEP-0313, 5.1.2)? NULL: it may. */
const struct stanza_error *archive_refusal(const struct request *request);

/* May the sender know the real JIDs of those who wrote? */
bool archive_shows_real(const struct request *request);

#endif
