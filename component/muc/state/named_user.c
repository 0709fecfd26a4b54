#include "named_user.h"

#include "affiliation.h"
#include "occupant.h"
#include "refusal.h"
#include "service_state.h"

/* The bare JID of who has this nick or reserved it; NULL: nobody. */
static const char *nick_owner(const struct room *room, struct span nick)
{
    const struct occupant *occupant = occupant_find(room, nick);
    if (occupant)
        return occupant_bare(occupant);
    const struct affiliation_entry *holder = affiliation_nick_holder(room, nick);
    return holder ? holder->jid : NULL;
}

const struct stanza_error *named_user_resolve(const struct room *room, struct jid *jid)
{
    if (!span_is(jid_domain(jid), room->service->settings.domain))
        return NULL;
    bool inside = jid_has_resource(jid) && span_equal(jid_bare(jid), room_address(room));
    const char *bare = inside ? nick_owner(room, jid_resource(jid)) : NULL;
    if (bare)
        return jid_parse(span_of(bare), jid) ? NULL : &refusal_no_occupant;
    if (affiliation_entry(room, jid_bare(jid)))
        return NULL; /* a list that has such an address must let it go */
    return inside ? &refusal_no_occupant : &refusal_no_user;
}
