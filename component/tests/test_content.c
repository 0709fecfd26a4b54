/* Which messages the archive keeps, and which of them history shows. */

#include "muc/say/content.h"
#include "xml_fixture.h"

#define HINT(name) "<" name " xmlns='urn:xmpp:hints'/>"
#define BODY       "<body>Ho</body>"
#define EMPTY      "<body/>"
#define COMPOSING  "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
#define ACTIVE     "<active xmlns='http://jabber.org/protocol/chatstates'/>"
#define DISPLAYED  "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>"
#define MARKABLE   "<markable xmlns='urn:xmpp:chat-markers:0'/>"
#define RECEIVED   "<received xmlns='urn:xmpp:receipts' id='x'/>"
#define REQUEST    "<request xmlns='urn:xmpp:receipts'/>"
#define REACTIONS                                                                                  \
    "<reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>+</reaction></reactions>"
#define RETRACT "<retract xmlns='urn:xmpp:message-retract:1' id='x'/>"
#define OLD_RETRACT                                                                                \
    "<apply-to xmlns='urn:xmpp:fasten:0' id='x'><retract xmlns='urn:xmpp:message-retract:0'/>"     \
    "</apply-to>"
#define FASTENED       "<apply-to xmlns='urn:xmpp:fasten:0' id='x'><external name='body'/></apply-to>"
#define OMEMO          "<encrypted xmlns='eu.siacs.conversations.axolotl'/>"
#define EME            "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>"
#define REPLACE        "<replace xmlns='urn:xmpp:message-correct:0' id='x'/>"
#define UNKNOWN        "<data xmlns='urn:example:any'/>"
#define FALLBACK(what) "<fallback xmlns='urn:xmpp:fallback:0' for='" what "'/>"
#define PART(what)                                                                                 \
    "<fallback xmlns='urn:xmpp:fallback:0' for='" what "'><body start='0' end='1'/></fallback>"
#define WHOLE(what) "<fallback xmlns='urn:xmpp:fallback:0' for='" what "'><body/></fallback>"

static const struct {
    const char *children;
    enum content content;
    bool unlike; /* the store does not look into fallbacks */
} rows[] = {
    {"", CONTENT_FLEETING, false},
    {EMPTY, CONTENT_FLEETING, false},
    {UNKNOWN, CONTENT_FLEETING, false},
    {COMPOSING, CONTENT_FLEETING, false},
    {EMPTY ACTIVE, CONTENT_FLEETING, false},
    {RECEIVED, CONTENT_FLEETING, false},
    {EMPTY REPLACE, CONTENT_FLEETING, false},
    {"<subject>Ho</subject><thread>t</thread>", CONTENT_FLEETING, false},
    {"<body xmlns='urn:example:any'>Ho</body>", CONTENT_FLEETING, false},
    {BODY HINT("no-store"), CONTENT_FLEETING, false},
    {HINT("no-permanent-store") BODY HINT("store"), CONTENT_FLEETING, false},
    {DISPLAYED HINT("no-store"), CONTENT_FLEETING, false},
    {OMEMO HINT("no-store"), CONTENT_FLEETING, false},
    {FASTENED HINT("no-store"), CONTENT_FLEETING, false},

    {DISPLAYED, CONTENT_ASIDE, false},
    {DISPLAYED HINT("store"), CONTENT_ASIDE, false},
    {EMPTY DISPLAYED, CONTENT_ASIDE, false},
    {RECEIVED HINT("store"), CONTENT_ASIDE, false},
    {COMPOSING HINT("store"), CONTENT_ASIDE, false},
    {REACTIONS, CONTENT_ASIDE, false},
    {REACTIONS HINT("store"), CONTENT_ASIDE, false},
    {REACTIONS FALLBACK("urn:xmpp:reactions:0") BODY, CONTENT_ASIDE, true},
    {BODY WHOLE("urn:xmpp:reactions:0") REACTIONS, CONTENT_ASIDE, true},
    {RETRACT, CONTENT_ASIDE, false},
    {RETRACT BODY FALLBACK("urn:xmpp:message-retract:1") HINT("store"), CONTENT_ASIDE, false},
    {RETRACT HINT("no-store"), CONTENT_ASIDE, false},
    {OLD_RETRACT BODY, CONTENT_ASIDE, false},
    {OLD_RETRACT HINT("no-store"), CONTENT_ASIDE, false},
    {FASTENED, CONTENT_ASIDE, false},

    {BODY, CONTENT_TALK, false},
    {"<body> </body>", CONTENT_TALK, false},
    {EMPTY "<body xml:lang='it'>Oh</body>", CONTENT_TALK, false},
    {BODY ACTIVE MARKABLE REQUEST, CONTENT_TALK, false},
    {BODY DISPLAYED, CONTENT_TALK, false},
    {BODY HINT("store"), CONTENT_TALK, false},
    {BODY REPLACE, CONTENT_TALK, false},
    {BODY REACTIONS, CONTENT_TALK, false},
    {REACTIONS BODY PART("urn:xmpp:reactions:0"), CONTENT_TALK, false},
    {BODY FALLBACK("urn:xmpp:reply:0"), CONTENT_TALK, false},
    {BODY FALLBACK("urn:xmpp:reactions:0"), CONTENT_TALK, false},
    {"<subject>Ho</subject>" BODY, CONTENT_TALK, false},
    {OMEMO, CONTENT_TALK, false},
    {EME, CONTENT_TALK, false},
    {OMEMO MARKABLE HINT("store"), CONTENT_TALK, false},
    {"<encrypted xmlns='urn:xmpp:omemo:2'/>", CONTENT_TALK, false},
    {"<x xmlns='jabber:x:encrypted'>x</x>", CONTENT_TALK, false},
    {"<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>", CONTENT_TALK, false},
    {UNKNOWN HINT("store"), CONTENT_TALK, false},
};

static void messages_are_judged_by_their_children(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, "<message xmlns='jabber:client'>%s</message>", rows[i].children);
        xmpp_stanza_t *message = parse(text.data);
        if (content_of(message) != rows[i].content)
            fail_msg("%d: %s", (int)content_of(message), rows[i].children);
        xmpp_stanza_release(message);
        buf_free(&text);
    }
}

static void stored_messages_are_judged_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, "<message>%s</message>", rows[i].children);
        bool is_talk = content_is_talk(buf_span(&text));
        if (!rows[i].unlike && is_talk != (rows[i].content == CONTENT_TALK))
            fail_msg("%d: %s", is_talk, rows[i].children);
        buf_free(&text);
    }
    assert_false(content_is_talk(span_of("<message><body>Ho</bo")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_judged_by_their_children),
        cmocka_unit_test(stored_messages_are_judged_alike),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
