/* Users with a reserved nick who are not inside: shown as unavailable where the room wants it. */
#ifndef MUC_RESERVED_NICK_H
#define MUC_RESERVED_NICK_H

#include <stdbool.h>

#include "draft.h"

struct affiliation_entry;
struct room;
struct session;

/* How an absent user is shown to one session: unavailable, and its bare JID if that may see it. */
void reserved_nick_send(const struct session *session, const struct affiliation_entry *entry,
                        const char *id);

/* All absent users, to a newcomer, if muc#roomconfig_presencebroadcast says so ("none"). */
void reserved_nick_send_all(const struct session *session);

#endif
