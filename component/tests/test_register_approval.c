/* Registration that an admin of the room approves: who is asked, who waits, who is told. */

#include "register_fixture.h"

#define APPROVE(from, jid, nick, allow)                                                            \
    "<message from='" from "' to='" ROOM                                                           \
    "'>" FORM(NS_MUC_REGISTER, FIELD("muc#jid", jid) FIELD("muc#register_roomnick", nick)          \
                                   FIELD("muc#register_allow", allow)) "</message>"

static void open_approval(struct rig *rig)
{
    room_begin(rig, CONFIGURE(""));
    rig_send(rig, CONFIGURE(FIELD("{urn:coven:0}registration", "approval")));
    rig_join(rig, JULIET, ROOM "/Juliet");
    rig_join(rig, NURSE, ROOM "/Nurse");
}

static void test_approval(void **state)
{
    (void)state;
    struct rig rig;
    open_approval(&rig);
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Juliet"), "type='result'");
    rig_expect(&rig, JULIET, "<message from='" ROOM "'",
               "<body>Your request to register with the room " ROOM " was passed on", NULL);
    rig_expect(
        &rig, ROMEO, "<message from='" ROOM "'", "type='form'", NS_MUC_REGISTER,
        "<body>juliet@capulet.lit asks to register with the room " ROOM
        ", with the nickname Juliet.",
        "<field var='muc#jid' type='jid-single' label='User'><value>juliet@capulet.lit</value>",
        "<field var='muc#register_roomnick'", "<value>Juliet</value>",
        "<field var='muc#register_allow' type='boolean'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, APPROVE(ROMEO, "juliet@capulet.lit", "Juliet", "0"));
    rig_expect(&rig, JULIET, "<message from='" ROOM "'",
               "<body>Your request to register with the room " ROOM " was refused.</body>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, APPROVE(ROMEO, "juliet@capulet.lit", "Juliet", "0"));
    rig_expect(&rig, ROMEO, "<message", "<item-not-found", "Another admin may have given it", NULL);
    rig_send(&rig, APPROVE(NURSE, "juliet@capulet.lit", "Juliet", "1"));
    rig_expect(&rig, NURSE, "<message", "<forbidden", NULL);
    rig_send(&rig, APPROVE(ROMEO, "nobody@@", "Juliet", "1"));
    rig_expect(&rig, ROMEO, "<message", "<bad-request", NULL);
    rig_send(&rig, APPROVE(ROMEO, "juliet@capulet.lit", "Nurse", "1"));
    rig_expect(&rig, ROMEO, "<message", "<conflict", NULL);
    rig_send(&rig, APPROVE(ROMEO, "juliet@capulet.lit", "Juliet", "maybe"));
    rig_expect(&rig, ROMEO, "<message", "<bad-request", NULL);
    ANSWER(&rig, JULIET, GET(JULIET), "<required/>");
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, APPROVE(ROMEO, "juliet@capulet.lit", "Juliet", "1"));
    rig_expect(&rig, JULIET, "<presence", "affiliation='member'", "<status code='110'/>", NULL);
    ANSWER(&rig, JULIET, GET(JULIET), "<registered/><username>Juliet</username>");
    rig_close(&rig);
}

/* If no admin is in the room, the request goes to their accounts. */
static void test_approval_absent(void **state)
{
    (void)state;
    struct rig rig;
    open_approval(&rig);
    rig_send(&rig, "<presence type='unavailable' from='" ROMEO "' to='" ROOM "/Romeo'/>");
    rig_drain(&rig);
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Juliet"), "type='result'");
    rig_expect(&rig, "romeo@verona.lit", "<message", "<value>juliet@capulet.lit</value>", NULL);
    rig_drain(&rig);
    rig_send(&rig, LEAVE(JULIET));
    rig_drain(&rig);
    rig_send(&rig, APPROVE(ROMEO, "juliet@capulet.lit", "Juliet", "true"));
    rig_expect(&rig, "juliet@capulet.lit", "<status code='101'/>", NULL);
    rig_expect(&rig, "juliet@capulet.lit", "was granted. You are a member, and the nickname Juliet",
               NULL);
    rig_drain(&rig);
    ANSWER(&rig, JULIET, GET(JULIET), "<registered/>");
    rig_close(&rig);
}

static void enter(struct rig *rig, const char *from, const char *nick)
{
    struct buf join = BUF_INIT;
    buf_printf(&join, "<presence from='%s' to='" ROOM "/%s'><x xmlns='" NS_MUC "'/></presence>",
               from, nick);
    rig_drain(rig);
    rig_send(rig, join.data);
    buf_free(&join);
}

/* The number of forms among what an admin who enters receives, who then leaves again. */
static unsigned forms_shown(struct rig *rig, const char *from, const char *first)
{
    unsigned count = 0;
    char *stanza;
    enter(rig, from, "Admin");
    while ((stanza = rig_receive(rig, from))) {
        bool form = strstr(stanza, "muc#register_allow") != NULL;
        if (form && count++ == 0 && !strstr(stanza, first))
            fail_msg("the first form is %s", stanza);
        free(stanza);
    }
    struct buf leave = BUF_INIT;
    buf_printf(&leave, "<presence type='unavailable' from='%s' to='" ROOM "/Admin'/>", from);
    rig_send(rig, leave.data);
    rig_drain(rig);
    buf_free(&leave);
    return count;
}

#define PARIS "paris@verona.lit/desk" /* an admin */

static void add_admin(struct rig *rig)
{
    rig_send(rig, ADMIN("<item affiliation='admin' jid='paris@verona.lit'/>"));
    rig_drain(rig);
}

/* Admins are asked once; those who enter later are shown who waits. */
static void test_waiting(void **state)
{
    (void)state;
    struct rig rig;
    open_approval(&rig);
    add_admin(&rig);
    rig_send(&rig, SUBMIT(JULIET, "Juliet"));
    rig_drain(&rig);
    rig_restart(&rig);
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Juliet"), "type='result'");
    ANSWER(&rig, JULIET, SUBMIT(JULIET, "Jule"), "type='result'");
    rig_expect_nothing(&rig, NULL);
    assert_int_equal(forms_shown(&rig, PARIS, "<value>Jule</value>"), 1);
    assert_int_equal(forms_shown(&rig, TYBALT, ""), 0);
    ANSWER(&rig, JULIET, GET(JULIET), "<required/>");
    /* Giving up ends the request, and the next one is a new one. */
    ANSWER(&rig, JULIET, REMOVE(JULIET), "type='result'");
    assert_int_equal(forms_shown(&rig, PARIS, ""), 0);
    rig_send(&rig, SUBMIT(JULIET, "Juliet"));
    rig_expect(&rig, ROMEO, "<value>Juliet</value>", NULL);
    /* An affiliation is an answer, too. */
    rig_send(&rig, ADMIN(MEMBER));
    rig_send(&rig, AFFILIATE("juliet@capulet.lit", "none"));
    assert_int_equal(forms_shown(&rig, PARIS, ""), 0);
    /* Only rooms where registration needs approval show requests. */
    rig_send(&rig, SUBMIT(JULIET, "Juliet"));
    rig_send(&rig, CONFIGURE(FIELD("x-muc#roomconfig_registration", "members")));
    assert_int_equal(forms_shown(&rig, PARIS, ""), 0);
    rig_close(&rig);
}

static void submit_as(struct rig *rig, unsigned number)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' id='s' from='user%u@verona.lit/x' to='" ROOM
               "'><query xmlns='jabber:iq:register'>" FORM(
                   NS_MUC_REGISTER, FIELD("muc#register_roomnick", "User %u")) "</query></iq>",
               number, number);
    rig_drain(rig);
    rig_send(rig, text.data);
    buf_free(&text);
}

static void test_waiting_limits(void **state)
{
    (void)state;
    struct rig rig;
    open_approval(&rig);
    add_admin(&rig);
    for (unsigned i = 0; i < 12; i++) {
        submit_as(&rig, i);
        rig_wait(&rig, 24 * 3600);
    }
    submit_as(&rig, 12);
    rig_expect(&rig, "user12@verona.lit/x", "<error type='wait' code='500'", "<resource-constraint",
               "have 12 requests for registration to answer. Try again later", NULL);
    rig_expect_nothing(&rig, NULL);
    submit_as(&rig, 3); /* is among them */
    rig_expect(&rig, "user3@verona.lit/x", "type='result'", NULL);
    assert_int_equal(forms_shown(&rig, PARIS, ">user0@verona.lit<"), 10);
    rig_wait(&rig, 20 * 24 * 3600); /* the first three are older than 30 days */
    assert_int_equal(forms_shown(&rig, PARIS, ">user2@verona.lit<"), 10);
    rig_wait(&rig, 24 * 3600);
    assert_int_equal(forms_shown(&rig, PARIS, ">user3@verona.lit<"), 9);
    submit_as(&rig, 13);
    rig_expect(&rig, "user13@verona.lit/x", "type='result'", NULL);
    /* They go with the room. */
    rig_send(&rig, OWNER("<destroy/>"));
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(FIELD("x-muc#roomconfig_registration", "approval")));
    assert_int_equal(forms_shown(&rig, ROMEO, ""), 0);
    rig_close(&rig);
}

/* Whichever call of the store fails, whoever got a result waits for the answer. */
static void test_waiting_failing_store(void **state)
{
    (void)state;
    bool failed = true;
    for (unsigned fail_at = 1; failed; fail_at++) {
        struct rig rig;
        open_approval(&rig);
        add_admin(&rig);
        rig.fail_at = fail_at;
        rig_send(&rig, SUBMIT(JULIET, "Juliet"));
        failed = rig.fail_at == 0;
        rig.fail_at = 0;
        char *answer = rig_receive(&rig, JULIET);
        bool waits = answer && strstr(answer, "type='result'");
        assert_int_equal(forms_shown(&rig, PARIS, "Juliet"), waits);
        assert_true(waits || failed);
        free(answer);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_approval),
        cmocka_unit_test(test_approval_absent),
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_waiting_limits),
        cmocka_unit_test(test_waiting_failing_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
