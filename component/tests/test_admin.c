/* A refused muc#admin request comes back with its item, if that is not too large. */

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

/* The escaped item would be larger than any stanza that is sent. */
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

/* A request with one item too many changes nothing. */
static void too_many_items(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    for (unsigned more = 0; more < 2; more++) {
        struct buf request = BUF_INIT;
        buf_add_text(&request, "<iq type='set' id='c' from='" ROMEO "' to='" ROOM
                               "'><query xmlns='http://jabber.org/protocol/muc#admin'>");
        for (unsigned i = 0; i < rig.settings.limits.items + more; i++)
            buf_printf(&request, "<item affiliation='outcast' jid='u%u-%u@capulet.lit'/>", more, i);
        buf_add_text(&request, "</query></iq>");
        rig_send(&rig, request.data);
        buf_free(&request);
        if (more == 1)
            rig_expect(&rig, ROMEO, "id='c'", "type='error'", "<policy-violation", NULL);
        rig_drain(&rig);
    }
    rig_send(&rig, "<iq type='get' id='d' from='" ROMEO "' to='" ROOM
                   "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                   "<item affiliation='outcast'/></query></iq>");
    char *list = rig_receive(&rig, ROMEO);
    assert_non_null(strstr(list, "u0-49@"));
    assert_null(strstr(list, "u1-"));
    free(list);
    rig_close(&rig);
}

/* The sender leaves by the request itself, and is not there any more when it invites. */
static void who_removes_himself_still_invites(void **state)
{
    (void)state;
    static const char *const requests[] = {
        ADMIN("<item affiliation='none' jid='romeo@verona.lit'/>"
              "<item affiliation='member' jid='paris@verona.lit'/>"),
        ADMIN("<item affiliation='member' jid='paris@verona.lit' nick='Romeo'/>"),
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct rig rig;
        room_open(&rig, CONFIGURE(""));
        room_do(&rig, AFFILIATE("juliet@capulet.lit", "owner"));
        room_do(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1")));
        rig_send(&rig, requests[i]);
        rig_expect(&rig, ROMEO, "type='unavailable'", "code='110'", NULL);
        rig_expect(&rig, ROMEO, "type='result'", NULL);
        rig_expect(&rig, "paris@verona.lit", "<status code='101'/>", NULL);
        rig_expect(&rig, "paris@verona.lit", "<invite from='" ROOM "'>", NULL);
        rig_close(&rig);
    }
}

/* One request cannot reserve a nick for two users. */
static void a_nick_is_reserved_for_one_user(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ADMIN("<item affiliation='member' jid='paris@verona.lit' nick='Count'/>"
                         "<item affiliation='member' jid='nurse@verona.lit'/>"
                         "<item affiliation='member' jid='tybalt@verona.lit' nick='Count'/>"));
    rig_expect(&rig, ROMEO, "type='error'", "<conflict", NULL);
    room_do(&rig, ADMIN("<item affiliation='member' jid='paris@verona.lit' nick=''/>"
                        "<item affiliation='member' jid='tybalt@verona.lit' nick=''/>"
                        "<item affiliation='member' jid='nurse@verona.lit' nick='Count'/>"));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_offending_item_comes_back),
        cmocka_unit_test(a_large_one_does_not),
        cmocka_unit_test(too_many_items),
        cmocka_unit_test(who_removes_himself_still_invites),
        cmocka_unit_test(a_nick_is_reserved_for_one_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
