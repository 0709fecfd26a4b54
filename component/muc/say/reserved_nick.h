/* Users who have a reserved nick and are not inside: a room may show them as unavailable. */
#ifndef MUC_RESERVED_NICK_H
#define MUC_RESERVED_NICK_H

#include <stdbool.h>

#include "draft.h"

struct affiliation_entry;
struct room;
struct session;

/* Sends the absent user's presence to the session, with the bare JID if the session may see it. */
void reserved_nick_send(const struct session *session, const struct affiliation_entry *entry,
                        const char *id);

/* Sends all of them to a newcomer, if the room's option presencebroadcast has "none". */
void reserved_nick_send_all(const struct session *session);

#endif
