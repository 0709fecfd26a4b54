/* Registration with a room. */

#include "register_fixture.h"

static void test_closed(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    ANSWER(&rig, JULIET, GET(JULIET), "type='auth' code='407'", "<registration-required");
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Juliet"), "<registration-required");
    rig.settings.strict_registration = true;
    rig_restart(&rig);
    ANSWER(&rig, JULIET, GET(JULIET), "type='cancel' code='405'", "<not-allowed");
    rig_send(&rig, ADMIN("<item affiliation='outcast' jid='juliet@capulet.lit'/>"));
    rig_drain(&rig);
    ANSWER(&rig, JULIET, GET(JULIET), "type='auth' code='403'", "<forbidden");
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void test_member(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, ADMIN(MEMBER));
    rig_drain(&rig);
    ANSWER(&rig, JULIET, GET(JULIET), "id='g'",
           "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>",
           "<field var='muc#register_roomnick' type='text-single' "
           "label='Nickname'><required/></field></x></query>");
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Juliet"), "type='result'", "id='s'");
    ANSWER(&rig, JULIET, GET(JULIET),
           "<query xmlns='jabber:iq:register'><registered/><username>Juliet</username></query>");
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Juliet"), "type='result'");
    rig_expect_nothing(&rig, NULL);
    rig_restart(&rig);
    ANSWER(&rig, JULIET, GET(JULIET), "<username>Juliet</username>");
    rig_close(&rig);
}

/* A user without affiliation becomes a member; occupants see that before the result comes. */
static void test_open(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, CONFIGURE(FIELD("{urn:coven:0}registration", "anyone")));
    rig_join(&rig, JULIET, ROOM "/Jule");
    rig_send(&rig, SUBMIT(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<presence from='" ROOM "/Jule'",
               "<item affiliation='member' role='participant' jid='" JULIET
               "'/><status code='110'/>",
               NULL);
    rig_expect(&rig, JULIET, "<iq ", "type='result'", NULL);
    rig_expect(&rig, ROMEO, "<presence from='" ROOM "/Jule'", "affiliation='member'", NULL);
    rig_expect_nothing(&rig, NULL);
    /* An owner stays what he is. */
    rig_send(&rig, SUBMIT(ROMEO, "Montague"));
    rig_expect(&rig, ROMEO, "<presence", "affiliation='owner'", "<status code='110'/>", NULL);
    rig_expect(&rig, ROMEO, "<iq ", "type='result'", NULL);
    rig_close(&rig);
}

static void test_default(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.open_registration = true;
    rig_restart(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    rig_send(&rig, CONFIGURE(""));
    rig_drain(&rig);
    ANSWER(&rig, JULIET, GET(JULIET), "type='result'", "<required/>");
    rig_close(&rig);
}

static void test_reserved(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, CONFIGURE(FIELD("{urn:coven:0}registration", "anyone")));
    rig_drain(&rig);
    rig_send(&rig, SUBMIT(JULIET, "Juliet"));
    rig_drain(&rig);
    rig_send(&rig, JOIN(NURSE, "Juliet"));
    rig_expect(&rig, NURSE, "type='error'", "<error type='cancel' code='409' by='" ROOM "'",
               "<conflict", NULL);
    rig_join(&rig, NURSE, ROOM "/Nurse");
    rig_send(&rig, "<presence from='" NURSE "' to='" ROOM "/Juliet'/>");
    rig_expect(&rig, NURSE, "type='error'", "<conflict", NULL);
    ANSWER(&rig, NURSE, SUBMIT(NURSE, "Juliet"), "type='cancel' code='409'", "<conflict");
    ANSWER(&rig, NURSE, SUBMIT(NURSE, "Romeo"), "<conflict"); /* in use */
    rig_expect_nothing(&rig, NULL);
    /* Another nick instead: the old one is free. */
    rig_send(&rig, SUBMIT(JULIET, "Capulet"));
    rig_drain(&rig);
    rig_send(&rig, "<presence from='" NURSE "' to='" ROOM "/Juliet'/>");
    rig_expect(&rig, NURSE, "type='unavailable'", "nick='Juliet'", NULL);
    rig_drain(&rig);
    rig_send(&rig, JOIN(JULIET, "Capulet"));
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    rig_close(&rig);
}

static void test_remove(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    ANSWER(&rig, JULIET, REMOVE(JULIET), "type='result'");
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, ADMIN(MEMBER));
    rig_send(&rig, SUBMIT(JULIET, "Juliet"));
    rig_drain(&rig);
    rig_send(&rig, REMOVE(JULIET));
    rig_expect(&rig, ROMEO, "<message from='" ROOM "'",
               "<x xmlns='http://jabber.org/protocol/muc#user'><item jid='juliet@capulet.lit' "
               "affiliation='none'/></x>",
               NULL);
    rig_expect(&rig, JULIET, "type='result'", NULL);
    rig_drain(&rig);
    ANSWER(&rig, JULIET, REMOVE(JULIET), "type='result'");
    ANSWER(&rig, JULIET, GET(JULIET), "<registration-required");
    rig_send(&rig, JOIN(NURSE, "Juliet"));
    rig_expect(&rig, NURSE, "from='" ROOM "/Romeo'", NULL);
    rig_drain(&rig);
    /* An outcast stays one. */
    rig_send(&rig, ADMIN("<item affiliation='outcast' jid='juliet@capulet.lit'/>"));
    rig_drain(&rig);
    ANSWER(&rig, JULIET, REMOVE(JULIET), "type='result'");
    rig_send(&rig, JOIN(JULIET, "J"));
    rig_expect(&rig, JULIET, "<forbidden", NULL);
    /* An owner gives up the nick alone. */
    rig_send(&rig, SUBMIT(ROMEO, "Romeo"));
    rig_drain(&rig);
    rig_send(&rig, REMOVE(ROMEO));
    rig_expect(&rig, ROMEO, "<presence", "affiliation='owner'", NULL);
    rig_expect(&rig, ROMEO, "<iq ", "type='result'", NULL);
    ANSWER(&rig, ROMEO, GET(ROMEO), "<required/>");
    rig_close(&rig);
}

static void test_remove_members_only(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, ADMIN(MEMBER));
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_membersonly", "1")));
    rig_join(&rig, JULIET, ROOM "/Juliet");
    rig_send(&rig, REMOVE(JULIET));
    rig_expect(&rig, JULIET, "type='unavailable'", "<status code='321'/>",
               "affiliation='none' role='none'", "<status code='110'/>", NULL);
    rig_expect(&rig, JULIET, "<iq ", "type='result'", NULL);
    rig_expect(&rig, ROMEO, "type='unavailable'", "<status code='321'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void test_malformed(void **state)
{
    (void)state;
    static const char *const rows[] = {
        IQ("set", ROMEO, "m", QUERY("")),
        IQ("set", ROMEO, "m", QUERY("<username>Romeo</username>")),
        IQ("set", ROMEO, "m", QUERY("<x xmlns='jabber:x:data'/>")),
        IQ("set", ROMEO, "m", QUERY("<x xmlns='jabber:x:data' type='submit'/>")),
        IQ("set", ROMEO, "m", QUERY(FORM("urn:other", FIELD("muc#register_roomnick", "R")))),
        IQ("set", ROMEO, "m", QUERY(FORM(NS_MUC_REGISTER, ""))),
        SUBMIT(ROMEO, ""),
        IQ("set", ROMEO, "m", QUERY("<remove/>" NICK("R"))),
        IQ("set", ROMEO, "m", QUERY("<nick/><remove/>")),
    };
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    for (size_t i = 0; i < COUNT(rows); i++)
        ANSWER(&rig, ROMEO, rows[i], "<error type='modify' code='400'", "<bad-request");
    ANSWER(&rig, ROMEO, SUBMIT(ROMEO, " "), "<error type='modify'", "<jid-malformed");
    ANSWER(&rig, ROMEO, IQ("set", ROMEO, "c", QUERY("<x xmlns='jabber:x:data' type='cancel'/>")),
           "type='result'");
    ANSWER(&rig, ROMEO, GET(ROMEO), "<required/>");
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig,
             "<iq type='get' id='n' from='" ROMEO "' to='none@" RIG_DOMAIN "'>" QUERY("") "</iq>");
    rig_expect(&rig, ROMEO, "<item-not-found", NULL);
    rig_close(&rig);
}

/* The number of affiliations is limited. */
static void test_limit(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, CONFIGURE(FIELD("{urn:coven:0}registration", "anyone")));
    rig.settings.limits.affiliations = 1;
    rig_restart(&rig);
    rig_drain(&rig);
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Juliet"), "<resource-constraint");
    rig_send(&rig, SUBMIT(ROMEO, "Nobody"));
    rig_expect(&rig, ROMEO, "<presence", NULL);
    rig_expect(&rig, ROMEO, "<iq ", "type='result'", NULL);
    rig_close(&rig);
}

/* Whichever call of the store fails, the answer says correctly whether the user is registered. */
static void test_failing_store(void **state)
{
    (void)state;
    bool failed = true;
    for (unsigned fail_at = 1; failed; fail_at++) {
        struct rig rig;
        room_begin(&rig, CONFIGURE(""));
        rig_send(&rig, CONFIGURE(FIELD("{urn:coven:0}registration", "anyone")));
        rig_drain(&rig);
        rig.fail_at = fail_at;
        rig_send(&rig, SUBMIT(JULIET, "Juliet"));
        failed = rig.fail_at == 0;
        rig.fail_at = 0;
        char *answer = rig_receive(&rig, JULIET);
        bool registered = answer && strstr(answer, "type='result'");
        ANSWER(&rig, JULIET, GET(JULIET), registered ? "<registered/>" : "<required/>");
        free(answer);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_member),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_reserved),
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_remove_members_only),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_failing_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
