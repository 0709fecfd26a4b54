/*
 * Does another service at the server have our domain? ejabberd's mod_muc has the same one by
 * default, and each stanza then goes to one of the two at random. A few pings to our own domain
 * show it: those that reach us come back as they were sent, those that reach the rival are
 * answered, and some of the answers reach us. A server that answers all of them in our name is no
 * rival. (A server that refuses a second connection says "conflict": link_reason.c.)
 */

#include <string.h>

#include "coven/log.h"
#include "link/link_private.h"

/* A rival answers one in four so that we see it: all 16 fail to show it in 1 case of 100. */
#define PINGS 16

void link_rival_begin(struct link *link)
{
    link->rival = (struct rival){.pings_left = link->settings.seeks_rival ? PINGS : 0};
    id_random_text(link->rival.id);
}

size_t link_rival_take(struct link *link, char *slice, size_t size)
{
    if (link->rival.pings_left == 0)
        return 0;
    link->rival.pings_left--;
    return link_ping_write(link, link->rival.id, slice, size);
}

static void report_rival(struct link *link)
{
    struct rival *rival = &link->rival;
    if (rival->reported || !rival->echoed || !rival->answered)
        return;
    rival->reported = true;
    if (link->settings.seeks_rival)
        log_error("another service on the server also has the domain %s and receives some of its "
                  "stanzas: remove it or give it another domain (in ejabberd: mod_muc)",
                  link->settings.domain);
}

bool link_rival_see(struct link *link, xmpp_stanza_t *stanza)
{
    struct rival *rival = &link->rival;
    bool is_ours = link_ping_is(link, rival->id, stanza);
    if (!is_ours && !link_ping_is(link, link->ping_id, stanza) &&
        !link_ping_is(link, link->receipt_id, stanza))
        return false;
    const char *type = xmpp_stanza_get_type(stanza);
    if (type && strcmp(type, "get") == 0)
        rival->echoed = true;
    else
        rival->answered = true;
    report_rival(link);
    return is_ours;
}
