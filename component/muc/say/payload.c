#include "payload.h"

#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "muc/state/occupant.h"
#include "redact.h"

/* An empty body or thread beside a subject: with it the subject would not look like a change of the
 * room's (XEP-0045, 8.1). */
static bool spoils_subject(xmpp_stanza_t *child, xmpp_stanza_t *stanza)
{
    return !stanza_has_text(child) &&
           (stanza_is(child, "body", NS_CLIENT) || stanza_is(child, "thread", NS_CLIENT)) &&
           stanza_child(stanza, "subject", NS_CLIENT);
}

static void copy_child(struct xml *xml, xmpp_stanza_t *child, xmpp_stanza_t *stanza,
                       const struct payload_scope *scope)
{
    switch (claims_judge(&scope->claims, child, stanza)) {
    case CLAIMS_NOTHING:
        redact_copy(xml, child);
        break;
    case CLAIMS_INSIDE:
        xml_copy_without(xml, child, claims_drop);
        break;
    case CLAIMS_EARLIER:
        if (scope->speaker && occupant_affiliation(scope->speaker) == AFFILIATION_OWNER)
            redact_copy(xml, child);
        break;
    case CLAIMS_WHOLE:
        break;
    }
}

void payload_copy(struct xml *xml, xmpp_stanza_t *stanza, const struct payload_scope *scope)
{
    xmpp_stanza_t *child = stanza_child(stanza, NULL, NULL);
    for (; child; child = stanza_next(child, NULL, NULL)) {
        if (!spoils_subject(child, stanza))
            copy_child(xml, child, stanza, scope);
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
    const struct payload_scope scope = {.claims = {.room = room}};
    const char *lang = stanza_attr(presence, "xml:lang");
    xmpp_stanza_t *child = stanza_child(presence, NULL, NULL);
    for (; child; child = stanza_next(child, NULL, NULL)) {
        if (lang && stanza_is(child, "status", NS_CLIENT) && !stanza_attr(child, "xml:lang"))
            copy_status(xml, child, lang);
        else
            copy_child(xml, child, presence, &scope);
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
