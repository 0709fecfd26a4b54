/*
 * Who was invited to which room by whom, not long ago: only he may decline (XEP-0045, 7.8.2). Kept
 * in memory alone, in a fixed number of places of which the older gives way; after a restart an
 * invitation cannot be declined any more.
 */
#ifndef MUC_INVITED_H
#define MUC_INVITED_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

struct invited_place;
struct room;

struct invited {
    struct invited_place *places; /* NULL: nobody was */
};

/* `inviter` and `invitee` are real, bare JIDs. */
void invited_note(const struct room *room, struct span inviter, struct span invitee);

/* Was he, lately? */
bool invited_was(const struct room *room, struct span inviter, struct span invitee);

void invited_free(struct invited *invited);

#endif
