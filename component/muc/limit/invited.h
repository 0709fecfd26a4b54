/* Invitations of the last days: only who was invited may decline (XEP-0045, 7.8.2). They are kept
 * in memory alone, in a hash table of fixed size where a new entry overwrites the one in its place;
 * after a restart an invitation cannot be declined any more. */
#ifndef MUC_INVITED_H
#define MUC_INVITED_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

struct made_invitation;
struct room;

struct invited {
    struct made_invitation *entries; /* NULL: nobody was invited yet */
};

/* Notes an invitation; `inviter` and `invitee` are real, bare JIDs. */
void invited_note(const struct room *room, struct span inviter, struct span invitee);

/* Returns whether `inviter` invited `invitee` to the room within the last days. */
bool invited_was(const struct room *room, struct span inviter, struct span invitee);

void invited_free(struct invited *invited);

#endif
