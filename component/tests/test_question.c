/* A bounced stanza removes its recipient, or has the recipient asked whether it is still there. */

#include "question_fixture.h"

#define PAST_A_MINUTE 61

static void expect_out(struct rig *rig)
{
    rig_expect(rig, ROMEO, "from='" ROOM "/Juliet'", "type='unavailable'", "<status code='333'/>",
               NULL);
    rig_expect(rig, MERCUTIO, "from='" ROOM "/Juliet'", "type='unavailable'", NULL);
}

static void lost_sessions_are_asked_and_leave(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, JULIET, "other@" RIG_DOMAIN "/Juliet");
    rig_drain(&rig);
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    char *id = take_question(&rig, JULIET);
    rig_expect_nothing(&rig, NULL);
    bounce(&rig, JULIET, id, "service-unavailable");
    expect_out(&rig);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, "<presence from='" ROMEO "' to='other@" RIG_DOMAIN
                   "/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    rig_expect(&rig, ROMEO, "<status code='201'/>", NULL); /* she was out of that one, too */
    free(id);
    rig_close(&rig);
}

static void the_living_stay_and_are_asked_once_a_minute(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    char *id = take_question(&rig, JULIET);
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    rig_expect_nothing(&rig, NULL);
    answer(&rig, JULIET, id);
    bounce(&rig, JULIET, id, "gone"); /* too late */
    come_back(&rig, JULIET, ROOM "/Mercutio", "cancel", "service-unavailable");
    rig_expect_nothing(&rig, NULL);
    rig_wait(&rig, PAST_A_MINUTE);
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    free(take_question(&rig, JULIET));
    rig_wait(&rig, PAST_A_MINUTE); /* silence */
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

/* The second session has the same address: some clients choose their resource themselves. */
static void a_second_session_is_asked_again(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (int i = 0; i < 2; i++) {
        come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
        char *id = take_question(&rig, JULIET);
        bounce(&rig, JULIET, id, "service-unavailable");
        expect_out(&rig);
        rig_join(&rig, JULIET, ROOM "/Juliet");
        free(id);
    }
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    char *id = take_question(&rig, JULIET);
    answer(&rig, JULIET, id);
    rig_join(&rig, JULIET, ROOM "/Juliet");
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    free(take_question(&rig, JULIET));
    free(id);
    rig_close(&rig);
}

enum fate { STAYS, IS_ASKED, LEAVES };

static const struct {
    const char *type, *condition;
    enum fate fate;
} table[] = {
    {"cancel", "gone", LEAVES},
    {"modify", "gone", LEAVES},
    {"cancel", "item-not-found", LEAVES},
    {"modify", "jid-malformed", LEAVES},
    {"modify", "redirect", LEAVES},
    {"cancel", "recipient-unavailable", LEAVES},
    {"wait", "recipient-unavailable", IS_ASKED},
    {"cancel", "remote-server-not-found", LEAVES},
    {"wait", "remote-server-not-found", IS_ASKED},
    {"wait", "remote-server-timeout", IS_ASKED},
    {"cancel", "remote-server-timeout", IS_ASKED},
    {"wait", "resource-constraint", IS_ASKED},
    {"cancel", "service-unavailable", IS_ASKED},
    {"wait", "service-unavailable", IS_ASKED},
    {"cancel", "internal-server-error", IS_ASKED},
    {"cancel", "feature-not-implemented", STAYS},
    {"modify", "not-acceptable", STAYS},
    {"cancel", "not-allowed", STAYS},
    {"auth", "forbidden", STAYS},
    {"modify", "policy-violation", STAYS},
    {"modify", "bad-request", STAYS},
};

static void each_condition_has_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct rig rig;
        room_open(&rig, CONFIGURE(""));
        come_back(&rig, JULIET, ROOM "/Romeo", table[i].type, table[i].condition);
        if (table[i].fate == LEAVES)
            expect_out(&rig);
        else if (table[i].fate == IS_ASKED)
            free(take_question(&rig, JULIET));
        else
            rig_expect_nothing(&rig, JULIET);
        rig_expect_nothing(&rig, ROMEO);
        rig_close(&rig);
    }
}

static void an_error_that_says_nothing_is_a_reason_to_ask(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, "<message type='error' from='" JULIET "' to='" ROOM "/Romeo'/>");
    free(take_question(&rig, JULIET));
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void refused_presence_is_a_bounce(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, "<presence type='error' from='" JULIET "' to='" ROOM
                   "/Romeo'><error type='cancel'><service-unavailable xmlns='" NS_STANZA_ERRORS
                   "'/></error></presence>");
    free(take_question(&rig, JULIET));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, "<presence type='error' from='" JULIET "' to='" ROOM "/Romeo'/>");
    expect_out(&rig);
    rig_close(&rig);
}

/* To the room itself comes a client's own word, or what a server makes of the room's avatar: what a
 * server says may pass. */
static void an_avatar_may_come_back_for_a_while(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, "<presence type='error' from='" JULIET "' to='" ROOM
                   "'><error type='wait'><resource-constraint xmlns='" NS_STANZA_ERRORS
                   "'/></error></presence>");
    free(take_question(&rig, JULIET));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, "<presence type='error' from='" JULIET "' to='" ROOM
                   "'><error type='cancel'><service-unavailable xmlns='" NS_STANZA_ERRORS
                   "'/></error></presence>");
    expect_out(&rig);
    rig_close(&rig);
}

/* The session that was shown is gone: the nick now shows the one that is alive. */
static void the_living_session_keeps_the_nick(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM "/Juliet'><show>away</show>"
                   "<priority>1</priority></presence>");
    rig_send(&rig, "<presence from='" PHONE "' to='" ROOM "/Juliet'><show>chat</show><x "
                   "xmlns='http://jabber.org/protocol/muc'/></presence>");
    rig_drain(&rig);
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    char *id = take_question(&rig, JULIET);
    bounce(&rig, JULIET, id, "service-unavailable");
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet' to=", "<show>chat</show>", "jid='" PHONE "'/>",
               NULL);
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet' to=", "<show>chat</show>", NULL);
    rig_expect(&rig, PHONE, "<status code='110'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

/* ---- Servers ---- */

#define CROWD 150

/* One of two hundred sessions is asked. Its answer holds for all: they leave together, and are sent
 * nothing. */
static void a_dead_server_is_asked_once(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    for (int i = 0; i < CROWD; i++) {
        char *jid = far_jid(i);
        come_back(&rig, jid, ROOM "/Romeo", "wait", "remote-server-timeout");
        free(jid);
    }
    assert_int_equal(count(&rig, "<no-store"), 1);
    char *first = far_jid(0), *id = take_question(&rig, first);
    bounce(&rig, first, id, "remote-server-timeout");
    assert_int_equal(count(&rig, "<status code='333'/>"), 3 * CROWD); /* to Romeo and the others */
    assert_int_equal(count(&rig, "far.example/r'>"), 0);
    rig_drain(&rig);
    rig_send(&rig, SAY(ROMEO, "Hi"));
    assert_int_equal(count(&rig, "<body>Hi</body>"), 3);
    free(first);
    free(id);
    rig_close(&rig);
}

/* A bounce says nothing about other sessions of the same server. */
static void nobody_speaks_for_others_of_its_server(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    rig_confirm(&rig);
    rig_ask(&rig);
    char *first = far_jid(0), *id = take_question(&rig, first);
    bounce(&rig, first, id, "remote-server-not-found");
    for (int i = 0; i < 3; i++)
        rig_wait(&rig, 1);
    assert_int_equal(count(&rig, "to='" ROMEO "'><status>"), 1);
    free(first);
    free(id);
    rig_close(&rig);
}

/* After an answer from the server more of its sessions are asked, but not all at once. */
static void a_server_that_lives_is_not_flooded(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    for (int i = 0; i < CROWD; i++) {
        char *jid = far_jid(i);
        come_back(&rig, jid, ROOM "/Romeo", "cancel", "service-unavailable");
        free(jid);
    }
    char *first = far_jid(0), *id = take_question(&rig, first);
    answer(&rig, first, id);
    assert_in_range(count(&rig, "<no-store"), 2, 50);
    free(first);
    free(id);
    rig_close(&rig);
}

/* A join counts as an answer: the others are asked then. */
static void a_join_is_an_answer(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    for (int i = 0; i < 3; i++) {
        char *jid = far_jid(i);
        come_back(&rig, jid, ROOM "/Romeo", "cancel", "service-unavailable");
        free(jid);
    }
    char *first = far_jid(0), *second = far_jid(1);
    free(take_question(&rig, first));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, JOIN("user000@far.example/r", "Far000"));
    free(take_question(&rig, second));
    free(first);
    free(second);
    rig_close(&rig);
}

/* A link that is down removes nobody, and nobody else waits for it. */
static void a_silent_server_removes_and_delays_nobody(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    rig_join(&rig, "zoe@localhost/z", ROOM "/Zoe");
    rig_confirm(&rig);
    rig_ask(&rig);
    for (int i = 0; i < 5; i++)
        rig_wait(&rig, 1);
    free(take_question(&rig, "zoe@localhost/z"));
    assert_int_equal(count(&rig, "far.example/r'><no-store"), 1);
    rig_wait(&rig, PAST_A_MINUTE);
    rig_wait(&rig, PAST_A_MINUTE);
    assert_int_equal(count(&rig, "<status code='333'/>"), 0);
    rig_close(&rig);
}

static void questions_have_a_limit(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.questions = 1;
    service_configure(rig.service, &rig.settings);
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    come_back(&rig, MERCUTIO, ROOM "/Romeo", "cancel", "service-unavailable");
    free(take_question(&rig, JULIET));
    rig_expect_nothing(&rig, NULL);
    rig_wait(&rig, PAST_A_MINUTE);
    come_back(&rig, MERCUTIO, ROOM "/Romeo", "cancel", "service-unavailable");
    free(take_question(&rig, MERCUTIO));
    rig_close(&rig);
}

static void a_question_of_a_dropped_turn_is_asked(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.drops = true;
    come_back(&rig, JULIET, ROOM "/Romeo", "cancel", "service-unavailable");
    outbox_commit(rig.outbox);
    rig_collect(&rig);
    char *id = take_question(&rig, JULIET);
    bounce(&rig, JULIET, id, "service-unavailable");
    expect_out(&rig);
    free(id);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_sessions_are_asked_and_leave),
        cmocka_unit_test(the_living_stay_and_are_asked_once_a_minute),
        cmocka_unit_test(a_second_session_is_asked_again),
        cmocka_unit_test(each_condition_has_its_verdict),
        cmocka_unit_test(an_error_that_says_nothing_is_a_reason_to_ask),
        cmocka_unit_test(refused_presence_is_a_bounce),
        cmocka_unit_test(an_avatar_may_come_back_for_a_while),
        cmocka_unit_test(the_living_session_keeps_the_nick),
        cmocka_unit_test(a_dead_server_is_asked_once),
        cmocka_unit_test(nobody_speaks_for_others_of_its_server),
        cmocka_unit_test(a_server_that_lives_is_not_flooded),
        cmocka_unit_test(a_join_is_an_answer),
        cmocka_unit_test(a_silent_server_removes_and_delays_nobody),
        cmocka_unit_test(questions_have_a_limit),
        cmocka_unit_test(a_question_of_a_dropped_turn_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
