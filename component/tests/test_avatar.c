/* The vCard of a room, on the room floor alone. */

#include "room_fixture.h"

#define CARD(children)      "<vCard xmlns='vcard-temp'>" children "</vCard>"
#define PHOTO(base64)       "<PHOTO><TYPE>image/png</TYPE><BINVAL>" base64 "</BINVAL></PHOTO>"
#define GET(from)           IQ("get", from, "g", CARD(""))
#define SET(from, children) IQ("set", from, "s", CARD(children))
#define INFO(from)          IQ("get", from, "i", "<query xmlns='" NS_DISCO_INFO "'/>")
#define NOTICE              "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x>"

/* "avatar" and "other" in base64, and the SHA-1 of each. */
#define AVATAR      "YXZhdGFy"
#define AVATAR_HASH "9c3bb49ffea1144231cbe02d904b8d9018744e9d"
#define OTHER       "b3Ro\nZXI="
#define OTHER_HASH  "d0941e68da8f38151ff86a61fc59f7c5cf9fcaa2"

#define EMPTY       "><vCard xmlns='vcard-temp'/></iq>"
#define TOLD(hash)  "<x xmlns='vcard-temp:x:update'><photo>" hash "</photo></x></presence>"
#define TOLD_NONE   "<x xmlns='vcard-temp:x:update'><photo/></x></presence>"

static void test_set_and_get(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, GET(JULIET));
    rig_expect(&rig, JULIET, "type='result'", EMPTY, NULL);
    rig_send(&rig, SET(JULIET, PHOTO(AVATAR)));
    rig_expect(&rig, JULIET, "<error type='auth' code='403'", "<forbidden",
               "Only owners of the room may", NULL);
    rig_join(&rig, JULIET, ROOM "/Juliet");
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR)));
    rig_expect(&rig, ROMEO, "<iq ", "type='result'", "id='s'", NULL);
    rig_expect(&rig, ROMEO, "<presence from='" ROOM "' to='" ROMEO "'>" TOLD(AVATAR_HASH), NULL);
    rig_expect(&rig, ROMEO, "<message from='" ROOM "' type='groupchat'", NOTICE, NULL);
    rig_expect(&rig, JULIET, "<presence from='" ROOM "' to='" JULIET "'>" TOLD(AVATAR_HASH), NULL);
    rig_expect(&rig, JULIET, "<message from='" ROOM "' type='groupchat'", NOTICE, NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, GET(JULIET));
    rig_expect(&rig, JULIET, "type='result'", CARD(PHOTO(AVATAR)), NULL);
    /* The same again is no change. */
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR)));
    rig_expect(&rig, ROMEO, "<iq ", "type='result'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, SET(ROMEO, ""));
    rig_expect(&rig, ROMEO, "<iq ", "type='result'", NULL);
    rig_expect(&rig, ROMEO, TOLD_NONE, NULL);
    rig_expect(&rig, ROMEO, NOTICE, NULL);
    rig_send(&rig, GET(ROMEO));
    rig_expect(&rig, ROMEO, "type='result'", EMPTY, NULL);
    rig_close(&rig);
}

/* Reads up to the subject; what comes behind it stays. */
static void skip_subject(struct rig *rig, const char *to)
{
    char *stanza;
    bool found = false;
    while (!found && (stanza = rig_receive(rig, to))) {
        found = strstr(stanza, "<subject/>") != NULL;
        free(stanza);
    }
    assert_true(found);
}

/* Whoever enters is told after the subject; nothing is sent if there is no avatar. */
static void test_told_on_entry(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    skip_subject(&rig, JULIET);
    rig_expect_nothing(&rig, JULIET);
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR) PHOTO(OTHER)));
    rig_drain(&rig);
    static const char *const joins[] = {JOIN(JULIET, "Juliet"), JOIN(JULIET, "Jule")};
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        rig_send(&rig, joins[i]);
        skip_subject(&rig, JULIET);
        rig_expect(&rig, JULIET, "<presence from='" ROOM "' to='" JULIET "'>" TOLD(AVATAR_HASH),
                   NULL);
        rig_expect_nothing(&rig, JULIET);
    }
    rig_restart(&rig);
    rig_recover(&rig);
    skip_subject(&rig, JULIET);
    rig_expect(&rig, JULIET, TOLD(AVATAR_HASH), NULL);
    rig_close(&rig);
}

/* The rest of the card may change without a word about the avatar. */
static void test_same_avatar(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR)));
    rig_drain(&rig);
    rig_send(&rig, SET(ROMEO, "<FN>The orchard</FN>" PHOTO(AVATAR) PHOTO(OTHER)));
    rig_expect(&rig, ROMEO, "<iq ", NULL);
    rig_expect(&rig, ROMEO, NOTICE, NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, SET(ROMEO, PHOTO(OTHER) PHOTO(AVATAR)));
    rig_expect(&rig, ROMEO, "<iq ", NULL);
    rig_expect(&rig, ROMEO, TOLD(OTHER_HASH), NULL);
    rig_expect(&rig, ROMEO, NOTICE, NULL);
    rig_close(&rig);
}

static void test_not_by_presence(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig.settings.avatar_presence = false;
    service_configure(rig.service, &rig.settings);
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR)));
    rig_expect(&rig, ROMEO, "<iq ", NULL);
    rig_expect(&rig, ROMEO, NOTICE, NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    skip_subject(&rig, JULIET);
    rig_expect_nothing(&rig, JULIET);
    rig_close(&rig);
}

/* A client whose server refuses that presence is not there. */
static void test_refused_presence(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR)));
    rig_drain(&rig);
    rig_send(&rig, "<presence type='error' from='" JULIET "' to='" ROOM
                   "'><x xmlns='vcard-temp:x:update'/><error type='cancel'><item-not-found "
                   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet'", "type='unavailable'", "code='333'", NULL);
    rig_close(&rig);
}

static void expect_info(struct rig *rig, const char *wanted, bool there)
{
    rig_send(rig, INFO(JULIET));
    char *info = rig_receive(rig, JULIET);
    assert_non_null(info);
    assert_int_equal(strstr(info, wanted) != NULL, there);
    free(info);
}

#define HASHES(values)                                                                             \
    "<field var='muc#roominfo_avatarhash' type='text-multi' label='Avatar hashes'>" values "</"    \
    "field>"

static void test_hash(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    expect_info(&rig, "avatarhash", false);
    rig_send(&rig, SET(ROMEO, "<FN>The orchard</FN>"));
    rig_drain(&rig);
    expect_info(&rig, "avatarhash", false);
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR) PHOTO(OTHER)));
    rig_drain(&rig);
    expect_info(&rig, HASHES("<value>" AVATAR_HASH "</value><value>" OTHER_HASH "</value>"), true);
    rig_restart(&rig);
    expect_info(&rig, HASHES("<value>" AVATAR_HASH "</value><value>" OTHER_HASH "</value>"), true);
    rig_send(&rig, SET(ROMEO, "<PHOTO><EXTVAL>http://localhost/</EXTVAL></PHOTO>"));
    rig_drain(&rig);
    expect_info(&rig, "avatarhash", false);
    rig_close(&rig);
}

static void test_refused(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, SET(ROMEO, PHOTO("***")));
    rig_expect(&rig, ROMEO, "<error type='modify'", "<not-acceptable", NULL);
    rig_send(&rig, SET(ROMEO, PHOTO("")));
    rig_expect(&rig, ROMEO, "<not-acceptable", NULL);
    struct buf large = BUF_INIT;
    buf_add_text(&large, "<iq type='set' id='l' from='" ROMEO "' to='" ROOM "'>"
                         "<vCard xmlns='vcard-temp'><FN>");
    for (int i = 0; i < 20000; i++)
        buf_add_char(&large, 'x');
    buf_add_text(&large, "</FN></vCard></iq>");
    rig_send(&rig, large.data);
    buf_free(&large);
    rig_expect(&rig, ROMEO, "<error type='modify'", "<policy-violation", NULL);
    rig_send(&rig, GET(ROMEO));
    rig_expect(&rig, ROMEO, "type='result'", EMPTY, NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Neither a stranger to a hidden members-only room nor an outcast gets the vCard. */
static void test_entitled(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, SET(ROMEO, PHOTO(AVATAR)));
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_membersonly", "1")));
    rig_drain(&rig);
    rig_send(&rig, GET(JULIET));
    rig_expect(&rig, JULIET, "type='result'", NULL);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_publicroom", "0")));
    rig_drain(&rig);
    rig_send(&rig, GET(JULIET));
    rig_expect(&rig, JULIET, "<error type='auth'", "<forbidden", NULL);
    expect_info(&rig, "avatarhash", false);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_membersonly", "0")));
    rig_drain(&rig);
    expect_info(&rig, "avatarhash", true);
    rig_send(&rig, IQ("set", ROMEO, "ban",
                      "<query xmlns='" NS_MUC_ADMIN
                      "'><item affiliation='outcast' jid='juliet@capulet.lit'/></query>"));
    rig_drain(&rig);
    rig_send(&rig, GET(JULIET));
    rig_expect(&rig, JULIET, "<forbidden", NULL);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_publicroom", "1")));
    rig_drain(&rig);
    rig_send(&rig, GET(JULIET));
    rig_expect(&rig, JULIET, "<forbidden", NULL);
    rig_close(&rig);
}

static void test_service(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_send(&rig, "<iq type='get' id='v' from='" ROMEO "' to='" RIG_DOMAIN "'>" CARD("") "</iq>");
    rig_expect(&rig, ROMEO, CARD("<FN>Rooms</FN>"), NULL);
    rig_close(&rig);
}

/* When the store fails, nothing changes. */
static void test_failing_store(void **state)
{
    (void)state;
    for (unsigned fail_at = 1; fail_at <= 6; fail_at++) {
        struct rig rig;
        room_begin(&rig, CONFIGURE(""));
        rig.fail_at = fail_at;
        rig_send(&rig, SET(ROMEO, PHOTO(AVATAR)));
        assert_int_equal(rig.fail_at, 0);
        rig_drain(&rig);
        rig_send(&rig, GET(JULIET));
        rig_expect(&rig, JULIET, "type='result'", EMPTY, NULL);
        expect_info(&rig, "avatarhash", false);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_and_get),     cmocka_unit_test(test_hash),
        cmocka_unit_test(test_refused),         cmocka_unit_test(test_entitled),
        cmocka_unit_test(test_service),         cmocka_unit_test(test_failing_store),
        cmocka_unit_test(test_told_on_entry),   cmocka_unit_test(test_same_avatar),
        cmocka_unit_test(test_not_by_presence), cmocka_unit_test(test_refused_presence),
    };
    return cmocka_run_group_tests_name("avatar", tests, NULL, NULL);
}
