/*
 * The lists of owners and admins as fields of the owner's form (muc#roomconfig_roomowners and
 * _roomadmins): the whole list each time, so who is missing is demoted to member and who is new is
 * promoted. A list whose field is absent stays as it is, and one that is too long for a form is
 * never in it.
 */
#ifndef MUC_OWNER_LISTS_H
#define MUC_OWNER_LISTS_H

#include "coven/buf.h"
#include "coven/form.h"
#include "coven/stanza_error.h"
#include "muc/state/privilege.h"

struct room;

struct owner_lists {
    struct owner_change {
        char *jid; /* bare */
        enum affiliation affiliation;
    } * changes;
    unsigned count;
};

void owner_lists_write(struct xml *xml, const struct room *room);

/*
 * What a submitted form changes in the lists; NULL when it is in order, else the error, with what
 * is wrong in `why`. To be freed in either case.
 */
const struct stanza_error *owner_lists_read(struct owner_lists *lists, const struct room *room,
                                            const struct form *form, struct buf *why);
void owner_lists_free(struct owner_lists *lists);

/* Carries the changes out. Nobody has to leave by them. */
void owner_lists_apply(const struct owner_lists *lists, struct room *room, const char *actor_nick);

#endif
