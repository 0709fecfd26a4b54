#include "content.h"

#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"

#define NS_CHAT_STATES "http://jabber.org/protocol/chatstates"
#define NS_EME         "urn:xmpp:eme:0"
#define NS_MARKERS     "urn:xmpp:chat-markers:0"
#define NS_OPENPGP     "urn:xmpp:openpgp:0"
#define NS_PGP         "jabber:x:encrypted"
#define NS_RECEIPTS    "urn:xmpp:receipts"

enum mark {
    SAYS = 1 << 0,    /* people read it, or what is encrypted in it */
    ABOUT = 1 << 1,   /* it is about another message */
    KEPT = 1 << 2,    /* without a body it is kept too */
    ALWAYS = 1 << 3,  /* it is kept against all hints */
    INSTEAD = 1 << 4, /* the body stands for it, for clients that do not know it */
    AGAINST = 1 << 5, /* it is not to be kept */
};

static const struct {
    const char *name, *ns; /* NULL: any */
    unsigned marks;
} rows[] = {
    {"store", NS_HINTS, KEPT},
    {"no-store", NS_HINTS, AGAINST},
    {"no-permanent-store", NS_HINTS, AGAINST},
    {NULL, NS_CHAT_STATES, ABOUT},
    {NULL, NS_MARKERS, ABOUT | KEPT},
    {NULL, NS_RECEIPTS, ABOUT},
    {NULL, NS_REACTIONS, ABOUT | KEPT},
    {"retract", NS_RETRACT, ABOUT | ALWAYS | INSTEAD},
    {"apply-to", NS_FASTEN, ABOUT | KEPT | ALWAYS | INSTEAD},
    {"encryption", NS_EME, SAYS},
    {"encrypted", NULL, SAYS},
    {"openpgp", NS_OPENPGP, SAYS},
    {"x", NS_PGP, SAYS},
};

#define ROWS (sizeof rows / sizeof *rows)

static unsigned marks_of(struct span name, struct span ns)
{
    for (size_t i = 0; i < ROWS; i++) {
        if ((!rows[i].ns || span_is(ns, rows[i].ns)) &&
            (!rows[i].name || span_is(name, rows[i].name)))
            return rows[i].marks;
    }
    return 0;
}

/* Does the element say that the whole body is a fallback (XEP-0428) for what is about another
 * message? With <body start=''/> only a part of it is. */
static bool is_fallback(xmpp_stanza_t *element)
{
    const char *what = stanza_attr(element, "for");
    xmpp_stanza_t *body = stanza_child(element, "body", NS_FALLBACK);
    return what && (marks_of(span_of(""), span_of(what)) & ABOUT) &&
           !(body && stanza_attr(body, "start"));
}

static unsigned marks_in(xmpp_stanza_t *child)
{
    const char *name = xmpp_stanza_get_name(child), *ns = stanza_ns(child);
    if (stanza_is(child, NULL, NS_CLIENT))
        return stanza_is(child, "body", NULL) && stanza_has_text(child) ? SAYS : 0;
    if (stanza_is(child, "fallback", NS_FALLBACK))
        return is_fallback(child) ? INSTEAD : 0;
    unsigned marks = marks_of(span_of(name), span_of(ns));
    /* Of what is fastened to a message (XEP-0422), only a retraction has to be kept. */
    if (stanza_is(child, "apply-to", NS_FASTEN) && !stanza_child(child, "retract", NULL))
        marks &= ~(unsigned)ALWAYS;
    return marks;
}

/* A message that is kept only because of a hint may have a content that is unknown here. */
static enum content judge(unsigned marks)
{
    if ((marks & AGAINST) && !(marks & ALWAYS))
        return CONTENT_FLEETING;
    if ((marks & ABOUT) && (marks & INSTEAD))
        marks &= ~(unsigned)SAYS;
    if (marks & SAYS)
        return CONTENT_TALK;
    if (!(marks & (KEPT | ALWAYS)))
        return CONTENT_FLEETING;
    return marks & ABOUT ? CONTENT_ASIDE : CONTENT_TALK;
}

enum content content_of(xmpp_stanza_t *message)
{
    unsigned marks = 0;
    xmpp_stanza_t *child = stanza_child(message, NULL, NULL);
    for (; child; child = stanza_next(child, NULL, NULL))
        marks |= marks_in(child);
    return judge(marks);
}

bool content_is_talk(struct span stored)
{
    struct stored_xml message, child;
    struct span ns;
    unsigned marks = 0;
    if (!stored_xml_open(stored, &message))
        return false;
    while (stored_xml_child(&message.inner, NULL, NULL, &child)) {
        if (stored_xml_attr(&child, "xmlns", &ns))
            marks |= marks_of(child.name, ns);
        else if (span_is(child.name, "body") && child.inner.len > 0)
            marks |= SAYS;
    }
    return judge(marks) == CONTENT_TALK;
}
