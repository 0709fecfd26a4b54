#include "redact.h"

#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"

static const struct {
    const char *ns, *element, *attribute;
} naming[] = {
    {NS_PUBSUB, "items", "publisher"},
    {NS_PUBSUB, "item", "publisher"},
    {NS_PUBSUB, "subscription", "jid"},
    {NS_PUBSUB, "affiliation", "jid"},
    {NS_PUBSUB, "options", "jid"},
    {NS_PUBSUB_EVENT, "items", "publisher"},
    {NS_PUBSUB_EVENT, "item", "publisher"},
    {NS_PUBSUB_EVENT, "retract", "publisher"},
    {NS_PUBSUB_EVENT, "subscription", "jid"},
    {NS_PUBSUB_EVENT, "affiliation", "jid"},
    {NS_PUBSUB_OWNER, "subscription", "jid"},
    {NS_PUBSUB_OWNER, "affiliation", "jid"},
    {NS_PUBSUB_OWNER, "options", "jid"},
};

static bool names_user(xmpp_stanza_t *element, const char *attribute)
{
    for (size_t i = 0; i < sizeof naming / sizeof *naming; i++) {
        if (strcmp(attribute, naming[i].attribute) == 0 &&
            stanza_is(element, naming[i].element, naming[i].ns))
            return true;
    }
    return false;
}

void redact_copy(struct xml *xml, xmpp_stanza_t *element)
{
    bool pubsub = strncmp(stanza_ns(element), NS_PUBSUB, sizeof NS_PUBSUB - 1) == 0;
    xml_copy_without(xml, element, pubsub ? names_user : NULL);
}
