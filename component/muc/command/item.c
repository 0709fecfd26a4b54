/* kick, role, affiliation: an item of muc#admin each (XEP-0045, 8 to 10). */

#include "coven/ns.h"
#include "handlers.h"
#include "inner.h"
#include "muc/do/handlers.h"

static void set_attribute(xmpp_stanza_t *item, const struct run *run, const char *name)
{
    const char *value = run_text(run, name);
    if (value)
        xmpp_stanza_set_attribute(item, name, value);
}

/* The arguments have the names of the item's attributes. `role` NULL: that of the arguments. */
static enum run_next send_item(struct run *run, const char *role)
{
    xmpp_stanza_t *query = inner_element(run, "query", NS_MUC_ADMIN);
    xmpp_stanza_t *item = inner_child(query, "item", NULL);
    set_attribute(item, run, "jid");
    set_attribute(item, run, "nick");
    set_attribute(item, run, "affiliation");
    set_attribute(item, run, "role");
    if (role)
        xmpp_stanza_set_attribute(item, "role", role);
    inner_text(item, "reason", run_text(run, "reason"));
    return inner_request(run, query, admin_set);
}

enum run_next item_affiliation(struct run *run)
{
    return send_item(run, NULL);
}

enum run_next item_role(struct run *run)
{
    return send_item(run, NULL);
}

enum run_next item_kick(struct run *run)
{
    return send_item(run, "none");
}
