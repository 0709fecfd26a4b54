/* What has the server read? It handles the stanzas of a stream in order: when a ping that followed
 * a slice comes back, that slice and all before it have arrived. */

#include "link/link_private.h"

size_t link_receipt_take(struct link *link, char *slice, size_t size)
{
    if (link->receipt_id[0] != '\0' || link->returned.count > 0 || !link->user.wants_receipt ||
        !link->user.wants_receipt(link->user.user))
        return 0;
    id_random_text(link->receipt_id);
    link->receipt_is_void = false;
    return link_ping_write(link, link->receipt_id, slice, size);
}

bool link_receipt_is_back(struct link *link, xmpp_stanza_t *stanza)
{
    if (!link_ping_is(link, link->receipt_id, stanza))
        return false;
    link->receipt_id[0] = '\0';
    return true;
}

void link_receipt_void(struct link *link)
{
    link->receipt_is_void = true;
}
