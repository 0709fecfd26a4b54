#include "claims.h"

#include <string.h>

#include "coven/jid.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"

#define NS_ADDRESS      "http://jabber.org/protocol/address"
#define NS_AFFILIATIONS "urn:xmpp:muc:affiliations:1"
#define NS_CAPTCHA      "urn:xmpp:captcha"
#define NS_CARBONS      "urn:xmpp:carbons:2"
#define NS_DELAY_OLD    "jabber:x:delay"
#define NS_HATS         "urn:xmpp:hats:0"
#define NS_HATS_OLD     "xmpp:prosody.im/protocol/hats:1"
#define NS_MAM_0        "urn:xmpp:mam:0"
#define NS_MAM_1        "urn:xmpp:mam:1"
#define NS_MAM_TMP      "urn:xmpp:mam:tmp"
#define NS_MENTIONS     "urn:xmpp:mmn:0"
#define NS_RAI          "urn:xmpp:rai:0"

typedef enum claims_verdict claim_judge(const struct claims_scope *scope, xmpp_stanza_t *child,
                                        xmpp_stanza_t *stanza);

static claim_judge judge_id, judge_addresses, judge_delay;

static const struct claim {
    const char *ns, *name; /* NULL: any name */
    claim_judge *judge;    /* NULL: the verdict is always `verdict` */
    enum claims_verdict verdict;
} claims[] = {
    {NS_SID, "stanza-id", judge_id, CLAIMS_WHOLE},
    {NS_DELAY, NULL, judge_delay, CLAIMS_WHOLE},
    {NS_DELAY_OLD, NULL, judge_delay, CLAIMS_WHOLE},
    {NS_MUC, NULL, NULL, CLAIMS_WHOLE},
    {NS_MUC_USER, NULL, NULL, CLAIMS_WHOLE},
    {NS_OCCUPANT_ID, NULL, NULL, CLAIMS_WHOLE},
    {NS_ADDRESS, NULL, judge_addresses, CLAIMS_WHOLE},
    {NS_HATS, NULL, NULL, CLAIMS_WHOLE},
    {NS_HATS_OLD, NULL, NULL, CLAIMS_WHOLE},
    {NS_MODERATE, "moderated", NULL, CLAIMS_WHOLE},
    {NS_MODERATE_0, "moderated", NULL, CLAIMS_WHOLE},
    {NS_RETRACT, "retracted", NULL, CLAIMS_WHOLE},
    {NS_RETRACT_0, "retracted", NULL, CLAIMS_WHOLE},
    {NS_RETRACT, NULL, NULL, CLAIMS_INSIDE},
    {NS_RETRACT_0, NULL, NULL, CLAIMS_INSIDE},
    {NS_FASTEN, NULL, NULL, CLAIMS_INSIDE},
    {NS_MAM, NULL, NULL, CLAIMS_WHOLE},
    {NS_MAM_1, NULL, NULL, CLAIMS_WHOLE},
    {NS_MAM_0, NULL, NULL, CLAIMS_WHOLE},
    {NS_MAM_TMP, NULL, NULL, CLAIMS_WHOLE},
    {NS_CARBONS, "received", NULL, CLAIMS_WHOLE},
    {NS_CARBONS, "sent", NULL, CLAIMS_WHOLE},
    {NS_MENTIONS, NULL, NULL, CLAIMS_WHOLE},
    {NS_RAI, NULL, NULL, CLAIMS_WHOLE},
    {NS_AFFILIATIONS, NULL, NULL, CLAIMS_WHOLE},
    {NS_CAPTCHA, NULL, NULL, CLAIMS_WHOLE},
    {NS_MULTI, NULL, NULL, CLAIMS_WHOLE}, /* the service's word to the server */
};

#define NS_SIZE 64 /* longer than any of them */

#define CLAIMS  (claims + sizeof claims / sizeof *claims)

/* To a client a missing or malformed address may look like the room's. */
static bool names_room(xmpp_stanza_t *child, const char *attribute, struct span room)
{
    struct jid jid;
    const char *value = stanza_attr(child, attribute);
    return !value || !jid_parse(span_of(value), &jid) || span_equal(jid_bare(&jid), room);
}

/* Does the child name the sender? An id of the sender's own archive does, and nobody else can use
 * it. */
static bool names_sender(xmpp_stanza_t *child, const char *attribute, xmpp_stanza_t *stanza)
{
    struct jid sender, named;
    const char *from = stanza_attr(stanza, "from"), *value = stanza_attr(child, attribute);
    return from && value && jid_parse(span_of(from), &sender) &&
           jid_parse(span_of(value), &named) && span_equal(jid_bare(&sender), jid_bare(&named));
}

static enum claims_verdict judge_id(const struct claims_scope *scope, xmpp_stanza_t *child,
                                    xmpp_stanza_t *stanza)
{
    bool names = names_room(child, "by", scope->room) || names_sender(child, "by", stanza);
    return names ? CLAIMS_WHOLE : CLAIMS_NOTHING;
}

/* Only the room may name an original sender (XEP-0033). */
static enum claims_verdict judge_addresses(const struct claims_scope *scope, xmpp_stanza_t *child,
                                           xmpp_stanza_t *stanza)
{
    (void)scope;
    (void)stanza;
    xmpp_stanza_t *address = stanza_child(child, "address", NS_ADDRESS);
    for (; address; address = stanza_next(address, "address", NS_ADDRESS)) {
        const char *type = stanza_attr(address, "type");
        if (type && strcmp(type, "ofrom") == 0)
            return CLAIMS_WHOLE;
    }
    return CLAIMS_NOTHING;
}

/* Is it an address of the service, or none at all: its domain, a room, an occupant? */
static bool is_ours(const char *text, struct span room)
{
    struct jid jid, own;
    return !jid_parse(span_of(text), &jid) || !jid_parse(room, &own) ||
           span_equal(jid_domain(&jid), jid_domain(&own));
}

/* A delay without an address is the room's in what comes from the room, and the sender's own in a
 * private message. */
static enum claims_verdict judge_delay(const struct claims_scope *scope, xmpp_stanza_t *child,
                                       xmpp_stanza_t *stanza)
{
    (void)stanza;
    const char *from = stanza_attr(child, "from");
    if (from ? is_ours(from, scope->room) : !scope->is_private)
        return CLAIMS_WHOLE;
    return scope->is_private ? CLAIMS_NOTHING : CLAIMS_EARLIER;
}

static const struct claim *find(const char *ns, struct span name)
{
    for (const struct claim *claim = claims; claim < CLAIMS; claim++) {
        if (strcmp(claim->ns, ns) == 0 && (!claim->name || span_is(name, claim->name)))
            return claim;
    }
    return NULL;
}

static const struct claim *find_for(xmpp_stanza_t *element)
{
    const char *ns = stanza_ns(element);
    if (strcmp(ns, NS_CLIENT) == 0) /* the most frequent namespace */
        return NULL;
    return find(ns, span_of(xmpp_stanza_get_name(element)));
}

enum claims_verdict claims_judge(const struct claims_scope *scope, xmpp_stanza_t *child,
                                 xmpp_stanza_t *stanza)
{
    const struct claim *claim = find_for(child);
    if (!claim)
        return CLAIMS_NOTHING;
    return claim->judge ? claim->judge(scope, child, stanza) : claim->verdict;
}

bool claims_drop(xmpp_stanza_t *element, const char *attribute)
{
    const struct claim *claim = attribute ? NULL : find_for(element);
    return claim && !claim->judge && claim->verdict == CLAIMS_WHOLE;
}

/* The presence has passed the tests of stanza ids and original senders when it was stored. */
static bool is_claim(const struct stored_xml *child)
{
    char text[NS_SIZE] = "";
    struct span ns;
    if (!stored_xml_attr(child, "xmlns", &ns) || ns.len >= sizeof text)
        return false;
    memcpy(text, ns.at, ns.len);
    const struct claim *claim = find(text, child->name);
    return claim && claim->verdict == CLAIMS_WHOLE &&
           (!claim->judge || claim->judge == judge_delay);
}

void claims_clean(struct span payload, struct buf *out)
{
    struct stored_xml child;
    while (stored_xml_child(&payload, NULL, NULL, &child)) {
        if (!is_claim(&child))
            buf_add_span(out, child.text);
    }
}
