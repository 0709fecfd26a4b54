/* Finds the message that a retraction means when it names not the archive's id, but the one that
 * the author's client gave the message: its `id` attribute, or the id in its <origin-id/>
 * (XEP-0359). Clients may use such an id again, so the author's newest message that has it is
 * meant.
 *
 * Most such messages are among the newest of the room, and are taken back in the turn of the
 * retraction. The others are looked for in another thread, so theirs is a later turn: a crash in
 * between leaves them in the archive, beside the retraction. */
#ifndef MUC_RETRACT_NAMED_H
#define MUC_RETRACT_NAMED_H

#include "coven/store.h"
#include "muc/state/message_id.h"
#include "muc/state/request.h"

struct room;

/* Looks at the newest messages of the room, at once, as long as a turn may. STORE_NOTHING: the
 * author has named none of them so. */
enum store_result retract_named_recent(struct room *room, struct span author, const char *name,
                                       struct message_id *id_r);

/* Looks at all messages of the sender in the room's archive before the retraction, in another
 * thread, and takes back the one that is found. Returns an error if too many searches wait. */
const struct stanza_error *retract_named_search(struct request *request, const char *name,
                                                struct message_id retraction);

#endif
