#include "payload.h"

#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/jid.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "redact.h"

#define NS_ADDRESS   "http://jabber.org/protocol/address"
#define NS_DELAY_OLD "jabber:x:delay"
#define NS_MARKERS   "urn:xmpp:chat-markers:0"
#define NS_EME       "urn:xmpp:eme:0"
#define NS_REACTION  "urn:xmpp:reactions:0"

static bool names_room(xmpp_stanza_t *child, const char *attribute, struct span room)
{
    struct jid jid;
    const char *value = stanza_attr(child, attribute);
    return value && jid_parse(span_of(value), &jid) && span_equal(jid_bare(&jid), room);
}

/* Do the addresses name an original sender (XEP-0033)? Only the room may do so. */
static bool names_origin(xmpp_stanza_t *addresses)
{
    xmpp_stanza_t *address = stanza_child(addresses, "address", NS_ADDRESS);
    for (; address; address = stanza_next(address, "address", NS_ADDRESS)) {
        const char *type = stanza_attr(address, "type");
        if (type && strcmp(type, "ofrom") == 0)
            return true;
    }
    return false;
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

static bool is_foreign_id(xmpp_stanza_t *child, xmpp_stanza_t *stanza, struct span room)
{
    return stanza_is(child, "stanza-id", NULL) &&
           (names_room(child, "by", room) || names_sender(child, "by", stanza));
}

static bool is_forged(xmpp_stanza_t *child, xmpp_stanza_t *stanza, struct span room)
{
    static const char *const ours[] = {NS_MUC, NS_MUC_USER, NS_OCCUPANT_ID};
    const char *ns = stanza_ns(child);
    if (strcmp(ns, NS_CLIENT) == 0) /* the most frequent namespace */
        return false;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (strcmp(ns, ours[i]) == 0)
            return true;
    }
    if (strcmp(ns, NS_SID) == 0)
        return is_foreign_id(child, stanza, room);
    if (strcmp(ns, NS_ADDRESS) == 0)
        return names_origin(child);
    bool is_delay = strcmp(ns, NS_DELAY) == 0 || strcmp(ns, NS_DELAY_OLD) == 0;
    return is_delay && names_room(child, "from", room);
}

/* An empty body or thread beside a subject: with it the subject would not look like a change of the
 * room's (XEP-0045, 8.1). */
static bool spoils_subject(xmpp_stanza_t *child, xmpp_stanza_t *stanza)
{
    return !stanza_has_text(child) &&
           (stanza_is(child, "body", NS_CLIENT) || stanza_is(child, "thread", NS_CLIENT)) &&
           stanza_child(stanza, "subject", NS_CLIENT);
}

void payload_copy(struct xml *xml, xmpp_stanza_t *stanza, struct span room)
{
    xmpp_stanza_t *child = stanza_child(stanza, NULL, NULL);
    for (; child; child = stanza_next(child, NULL, NULL)) {
        if (!is_forged(child, stanza, room) && !spoils_subject(child, stanza))
            redact_copy(xml, child);
    }
}

/* The only text in a presence. It states its language, because the room writes a new root. */
static void copy_status(struct xml *xml, xmpp_stanza_t *status, const char *lang)
{
    char *text = stanza_text(status);
    xml_open(xml, "status", NS_CLIENT);
    xml_attr_text(xml, "xml:lang", lang);
    xml_text(xml, span_of(text));
    xml_close(xml);
    free(text);
}

static void copy_presence(struct xml *xml, xmpp_stanza_t *presence, struct span room)
{
    const char *lang = stanza_attr(presence, "xml:lang");
    xmpp_stanza_t *child = stanza_child(presence, NULL, NULL);
    for (; child; child = stanza_next(child, NULL, NULL)) {
        if (lang && stanza_is(child, "status", NS_CLIENT) && !stanza_attr(child, "xml:lang"))
            copy_status(xml, child, lang);
        else if (!is_forged(child, presence, room))
            redact_copy(xml, child);
    }
}

struct blob *payload_render(xmpp_stanza_t *stanza, struct span room)
{
    struct buf bytes = BUF_INIT;
    struct xml xml = xml_to(&bytes);
    struct stored_xml presence;
    /* Children are rendered as they stand in a stanza; its tags are cut off again. */
    xml_open(&xml, "presence", NS_CLIENT);
    copy_presence(&xml, stanza, room);
    xml_close(&xml);
    bool is_whole = stored_xml_open(buf_span(&bytes), &presence);
    coven_assert(is_whole);
    struct blob *blob = blob_new(presence.inner);
    buf_free(&bytes);
    return blob;
}

bool payload_is_lasting(xmpp_stanza_t *stanza)
{
    static const struct {
        const char *name, *ns;
    } lasting[] = {
        {"store", NS_HINTS},     {NULL, NS_MARKERS},         {"encryption", NS_EME},
        {"retract", NS_RETRACT}, {"reactions", NS_REACTION},
    };
    if (stanza_child(stanza, "no-store", NS_HINTS) ||
        stanza_child(stanza, "no-permanent-store", NS_HINTS))
        return false;
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++) {
        if (stanza_child(stanza, lasting[i].name, lasting[i].ns))
            return true;
    }
    return stanza_says(stanza, "body", NS_CLIENT);
}
