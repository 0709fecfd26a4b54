/* One <item/> of a muc#admin request: read, checked, judged. */
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
    char *target_nick; /* of a role: the occupant's */
    struct jid target; /* of an affiliation: the bare JID, or a domain */
    char *nick;        /* of an affiliation: to be reserved; "" for none any more; NULL: not said */
    char *reason;      /* NULL: none */
};

/* Reads what is asked for. Whatever it returns, the item is to be freed. */
const struct stanza_error *admin_item_read(struct admin_item *item, xmpp_stanza_t *element,
                                           struct request *request);

/* Has the sender, who is `actor` in the room, the right to it? */
const struct stanza_error *admin_item_judge(const struct admin_item *item,
                                            const struct request *request, struct rank actor);

void admin_item_free(struct admin_item *item);

#endif
