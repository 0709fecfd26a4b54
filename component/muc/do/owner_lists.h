/*
 * The lists of owners and admins as fields of the owner's form (muc#roomconfig_roomowners and
 * muc#roomconfig_roomadmins). A field holds the whole list: users who are new become owners or
 * admins; owners who are missing become admins, and admins who are missing become members. A list
 * whose field is missing stays as it is. The form leaves out a list that is too long for it.
 */
#ifndef MUC_OWNER_LISTS_H
#define MUC_OWNER_LISTS_H

#include "coven/buf.h"
#include "coven/form.h"
#include "coven/stanza_error.h"
#include "muc/state/privilege.h"

struct actor;
struct room;

struct owner_lists {
    struct owner_change {
        char *jid; /* bare */
        enum affiliation affiliation;
    } * changes;
    unsigned count;
};

void owner_lists_write(struct xml *xml, const struct room *room);

/* Reads what a submitted form changes in the lists. NULL, or the error with a text in `why`. The
 * caller frees `lists` in both cases. */
const struct stanza_error *owner_lists_read(struct owner_lists *lists, const struct room *room,
                                            const struct form *form, struct buf *why);
void owner_lists_free(struct owner_lists *lists);

/* Carries the changes out. Nobody has to leave because of them. */
void owner_lists_apply(const struct owner_lists *lists, struct room *room,
                       const struct actor *actor);

#endif
