#include "redact.h"

#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stanza_error.h"

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
        if (attribute && strcmp(attribute, naming[i].attribute) == 0 &&
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

static const char *known(const char *const *names, size_t count, const char *name,
                         const char *otherwise)
{
    for (size_t i = 0; name && i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return names[i];
    }
    return otherwise;
}

void redact_error_open(struct xml *xml, xmpp_stanza_t *stanza)
{
    static const char *const types[] = {"auth", "cancel", "continue", "modify", "wait"};
    static const char *const conditions[] = {
        "bad-request",
        "conflict",
        "feature-not-implemented",
        "forbidden",
        "gone",
        "internal-server-error",
        "item-not-found",
        "jid-malformed",
        "not-acceptable",
        "not-allowed",
        "not-authorized",
        "payment-required",
        "policy-violation",
        "recipient-unavailable",
        "redirect",
        "registration-required",
        "remote-server-not-found",
        "remote-server-timeout",
        "resource-constraint",
        "service-unavailable",
        "subscription-required",
        "unexpected-request",
    };
    xmpp_stanza_t *error = stanza_child(stanza, "error", NULL);
    const char *type = error ? stanza_attr(error, "type") : NULL;
    const char *condition = stanza_error_condition(stanza);
    xml_open(xml, "error", NULL);
    xml_attr_text(xml, "type", known(types, sizeof types / sizeof *types, type, "cancel"));
    xml_element(
        xml,
        known(conditions, sizeof conditions / sizeof *conditions, condition, "undefined-condition"),
        NS_STANZA_ERRORS, span_of(""));
}
