/* One <item/> of a muc#admin request: reading it, and judging whether the sender may do it. */
#ifndef MUC_ADMIN_ITEM_H
#define MUC_ADMIN_ITEM_H

#include <strophe.h>

#include "coven/jid.h"
#include "muc/state/privilege.h"
#include "muc/state/request.h"

enum item_kind { ITEM_ROLE, ITEM_AFFILIATION };

struct admin_item {
    enum item_kind kind;
    enum role role;
    enum affiliation affiliation;
    char *target_nick; /* for a role: nick of the occupant */
    struct jid target; /* for an affiliation: bare JID or domain */
    char *nick;   /* for an affiliation: nick to reserve; "": end the reservation; NULL: leave it */
    char *reason; /* NULL: none */
};

/* Reads the item. The caller frees the item, also after an error. */
const struct stanza_error *admin_item_read(struct admin_item *item, xmpp_stanza_t *element,
                                           struct request *request);

/* May the sender, whose rank in the room is `actor`, do that? NULL: yes. */
const struct stanza_error *admin_item_judge(const struct admin_item *item,
                                            const struct request *request, struct rank actor);

/* Does the sender's rank allow that affiliation, even if the item changes nothing? */
bool admin_item_is_granted(const struct admin_item *item, const struct request *request,
                           struct rank actor);

/* Would the item change anything in the room? */
bool admin_item_matters(const struct admin_item *item, const struct room *room);

void admin_item_free(struct admin_item *item);

#endif
