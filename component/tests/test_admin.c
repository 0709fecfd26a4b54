/* What goes back with the refusal of a muc#admin request: the item, if it is not too large. */

#include "coven/buf.h"
#include "room_fixture.h"

#define BAN(id, item)                                                                              \
    "<iq type='set' id='" id "' from='" ROMEO "' to='" ROOM                                        \
    "'><query xmlns='http://jabber.org/protocol/muc#admin'>" item "</query></iq>"
#define ITEM(who) "<item affiliation='outcast' jid='" who "'/>"

static void the_offending_item_comes_back(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, BAN("a", ITEM("juliet@capulet.lit") ITEM("romeo@verona.lit")));
    rig_expect(&rig, ROMEO, "type='error'",
               "<query xmlns='http://jabber.org/protocol/muc#admin'>" ITEM(
                   "romeo@verona.lit") "</query><error type='cancel' code='409'",
               NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Its escaped form would be more than is ever sent. */
static void a_large_one_does_not(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    struct buf request = BUF_INIT;
    buf_add_text(&request, "<iq type='set' id='b' from='" ROMEO "' to='" ROOM
                           "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                           "<item affiliation='outcast' jid='romeo@verona.lit' nick='");
    for (unsigned i = 0; i < rig.settings.limits.stanza_bytes / 6; i++)
        buf_add_text(&request, "&amp;&amp;");
    buf_add_text(&request, "'/></query></iq>");
    rig_send(&rig, request.data);
    buf_free(&request);
    rig_expect(&rig, ROMEO, "type='error'", "id='b'", "<policy-violation", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_offending_item_comes_back),
        cmocka_unit_test(a_large_one_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
