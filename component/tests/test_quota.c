/* Rates: how often one user may do something, without effect on others. */

#include "quota_fixture.h"

/* ---- Rates ---- */

static void one_a_second_in_a_room(struct service_limits *limits)
{
    limits->visit_rate = 1;
    limits->visit_burst = 3;
}

static void a_user_in_a_room(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, one_a_second_in_a_room);
    assert_int_equal(count_until_refused(&rig, SAY(JULIET, "Hi"), JULIET), 3);
    rig_wait(&rig, 2);
    assert_int_equal(count_until_refused(&rig, SAY(JULIET, "Hi"), JULIET), 2);
    /* Leaving is always possible, and does not reset the rate. */
    rig_send(&rig, LEAVE(JULIET));
    rig_expect(&rig, JULIET, "type='unavailable'", NULL);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "type='error'", CONSTRAINT, NULL);
    rig_send(&rig, JOIN(PHONE, "Juliet"));
    rig_expect(&rig, PHONE, "type='error'", CONSTRAINT, NULL);
    assert_int_equal(count_until_refused(&rig, SAY(MERCUTIO, "Hi"), MERCUTIO), 3);
    rig_close(&rig);
}

static void eleven_in_a_room(struct service_limits *limits)
{
    limits->visit_rate = 1;
    limits->visit_burst = 11;
}

/* A join counts as five messages. */
static void joins_cost_more(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, eleven_in_a_room);
    for (int i = 0; i < 3; i++) {
        rig_send(&rig, JOIN(TYBALT, "Tybalt"));
        rig_expect(&rig, JULIET, "/Tybalt'", NULL);
        rig_send(&rig, LEAVE(TYBALT));
        rig_expect(&rig, JULIET, "/Tybalt'", "type='unavailable'", NULL);
    }
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    rig_expect(&rig, TYBALT, "type='error'", CONSTRAINT, NULL);
    rig_expect_nothing(&rig, JULIET);
    rig_close(&rig);
}

static void nicks_and_presences(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, one_a_second_in_a_room);
    const char *nick = "<presence from='" JULIET "' to='" ROOM "/Giulietta'/>";
    assert_int_equal(count_until_refused(&rig, nick, JULIET), 3);
    rig_close(&rig);
}

static void private_messages(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, one_a_second_in_a_room);
    const char *message =
        "<message from='" JULIET "' to='" ROOM "/Romeo' type='chat'><body>Hi</body></message>";
    assert_int_equal(count_until_refused(&rig, message, JULIET), 3);
    rig_close(&rig);
}

static void moderators_are_exempt(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, one_a_second_in_a_room);
    assert_int_equal(count_until_refused(&rig, SAY(ROMEO, "Hi"), ROMEO), 1000);
    rig_close(&rig);
}

static void one_a_second_in_all(struct service_limits *limits)
{
    limits->user_rate = 1;
    limits->user_burst = 5;
}

static void a_user_in_all_rooms(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, one_a_second_in_all);
    rig_join(&rig, TYBALT, "other@conference.localhost/Tybalt");
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    rig_drain(&rig);
    assert_int_equal(count_until_refused(&rig, SAY(TYBALT, "Hi"), TYBALT), 3);
    rig_close(&rig);
}

static void own_users_twice_as_much(struct service_limits *limits)
{
    one_a_second_in_a_room(limits);
    limits->own_domain_factor = 2;
}

static void users_of_the_own_domain(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, own_users_twice_as_much);
    rig_send(&rig, JOIN("anna@localhost/a", "Anna"));
    rig_drain(&rig);
    rig_wait(&rig, 100);
    assert_int_equal(count_until_refused(&rig, SAY("anna@localhost/a", "Hi"), "anna@localhost/a"),
                     6);
    assert_int_equal(count_until_refused(&rig, SAY(JULIET, "Hi"), JULIET), 3);
    rig_close(&rig);
}

static void own_users_far_more(struct service_limits *limits)
{
    limits->own_domain_factor = 256;
    limits->answer_rate = 1048576;
    limits->answer_burst = 16777216; /* times 256 it does not fit into 32 bits */
}

static void a_large_factor_is_no_small_limit(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, own_users_far_more);
    rig_send(&rig, "<iq id='i' type='get' from='anna@localhost/a' to='" ROOM
                   "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    rig_expect(&rig, "anna@localhost/a", "type='result'", NULL);
    rig_close(&rig);
}

static void two_a_second_of_all(struct service_limits *limits)
{
    limits->room_rate = 2;
    limits->room_burst = 10;
}

/* A user who fills the room is refused; users who have not spoken yet are heard, and so is the
 * owner. */
static void a_room_is_shared(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, two_a_second_of_all);
    assert_int_equal(count_until_refused(&rig, SAY(JULIET, "Hi"), JULIET), 10);
    assert_int_equal(count_until_refused(&rig, SAY(MERCUTIO, "Hi"), MERCUTIO), 1);
    assert_int_equal(count_until_refused(&rig, SAY(ROMEO, "Hi"), ROMEO), 1000);
    rig_wait(&rig, 3);
    assert_in_range(count_until_refused(&rig, SAY(JULIET, "Hi"), JULIET), 1, 6);
    const char *typing = "<message from='" JULIET "' to='" ROOM "' type='groupchat'><composing "
                         "xmlns='http://jabber.org/protocol/chatstates'/></message>";
    assert_int_equal(count_until_refused(&rig, typing, JULIET), 1000);
    rig_send(&rig, SAY(MERCUTIO, "Hi"));
    rig_expect(&rig, MERCUTIO, "type='groupchat'", NULL);
    rig_close(&rig);
}

static void one_a_second_of_all(struct service_limits *limits)
{
    limits->room_rate = limits->room_burst = 1;
}

/* With two speakers, each may speak every three seconds when the room has too much. */
static void a_full_room_gives_each_speaker_a_part(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, one_a_second_of_all);
    rig_send(&rig, SAY(JULIET, "Hi"));
    rig_send(&rig, SAY(MERCUTIO, "Hi"));
    rig_wait(&rig, 1);
    rig_drain(&rig);
    rig_send(&rig, SAY(MERCUTIO, "Hi"));
    rig_expect(&rig, MERCUTIO, "type='groupchat'", NULL);
    rig_drain(&rig);
    rig_send(&rig, SAY(JULIET, "Hi"));
    rig_expect(&rig, JULIET, "type='error'", CONSTRAINT, NULL);
    rig_wait(&rig, 2);
    rig_send(&rig, SAY(MERCUTIO, "Hi")); /* takes what is left of the room's rate */
    rig_send(&rig, SAY(MERCUTIO, "Hi"));
    rig_drain(&rig);
    rig_send(&rig, SAY(JULIET, "Hi"));
    rig_expect(&rig, JULIET, "type='groupchat'", NULL);
    rig_close(&rig);
}

/* ---- Answers ---- */

static void few_refusals(struct service_limits *limits)
{
    limits->refusal_rate = 1;
    limits->refusal_burst = 100;
}

/* Beyond a rate, requests are refused without an answer. */
static void refusals(void **state)
{
    (void)state;
    struct rig rig;
    unsigned heard = 0;
    open_under(&rig, few_refusals);
    for (int i = 0; i < 500; i++)
        rig_send(&rig, SAY(TYBALT, "Hi")); /* who is not inside */
    for (char *error; (error = rig_receive(&rig, TYBALT)); free(error))
        heard++;
    assert_int_equal(heard, 100);
    rig_wait(&rig, 1);
    rig_send(&rig, SAY(TYBALT, "Hi"));
    rig_send(&rig, SAY(TYBALT, "Hi"));
    rig_expect(&rig, TYBALT, "<not-acceptable ", NULL);
    rig_expect_nothing(&rig, TYBALT);
    rig_close(&rig);
}

static void few_answers(struct service_limits *limits)
{
    limits->answer_rate = 100;
    limits->answer_burst = 10000;
}

static void bytes_of_answers(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, few_answers);
    const char *question = "<iq id='i' type='get' from='" TYBALT "' to='" ROOM
                           "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>";
    assert_in_range(count_until_refused(&rig, question, TYBALT), 3, 20);
    rig_send(&rig, SAY(JULIET, "Hi")); /* others can still speak */
    rig_expect(&rig, JULIET, "type='groupchat'", NULL);
    rig_wait(&rig, 100); /* the rate comes back */
    assert_in_range(count_until_refused(&rig, question, TYBALT), 3, 20);
    rig_close(&rig);
}

static void probes(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, few_answers);
    const char *probe = "<presence from='" JULIET "' to='" ROOM "/Romeo' type='probe'/>";
    assert_in_range(count_until_refused(&rig, probe, JULIET), 3, 100);
    rig_close(&rig);
}

static void rare_history(struct service_limits *limits)
{
    limits->history_seconds = 10;
}

static unsigned histories(struct rig *rig, unsigned joins)
{
    unsigned count = 0;
    for (unsigned i = 0; i < joins; i++) {
        rig_send(rig, JOIN(JULIET, "Juliet"));
        for (char *stanza; (stanza = rig_receive(rig, JULIET)); free(stanza))
            count += strstr(stanza, "<delay ") != NULL;
        rig_drain(rig);
    }
    return count;
}

/* A user who joins again and again gets the occupants and the subject, but no history. */
static void history_again_and_again(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, rare_history);
    rig_send(&rig, SAY(ROMEO, "Hi"));
    rig_drain(&rig);
    assert_int_equal(histories(&rig, 50), 10);
    rig_wait(&rig, 20);
    assert_int_equal(histories(&rig, 50), 2);
    rig_close(&rig);
}

static void short_history(struct service_limits *limits)
{
    limits->history_bytes = 1000;
}

static void bytes_of_history(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, short_history);
    for (int i = 0; i < 10; i++)
        rig_send(&rig, SAY(ROMEO, "Hi"));
    rig_drain(&rig);
    assert_in_range(histories(&rig, 1), 2, 3);
    rig_close(&rig);
}

static void few_invitations(struct service_limits *limits)
{
    limits->hour_invites = 4;
}

/* The owner of a room has the same limit. */
static void invitations(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, few_invitations);
    const char *invite = "<message from='" ROMEO "' to='" ROOM "'><x xmlns='" NS_MUC_USER
                         "'><invite to='a@b.lit'/><invite to='c@b.lit'/></x></message>";
    rig_send(&rig, invite);
    rig_send(&rig, invite);
    rig_expect_nothing(&rig, ROMEO);
    rig_drain(&rig);
    rig_send(&rig, invite);
    rig_expect(&rig, ROMEO, "type='error'", CONSTRAINT, NULL);
    rig_expect_nothing(&rig, "a@b.lit");
    rig_wait(&rig, 1800);
    rig_send(&rig, invite);
    rig_expect(&rig, "a@b.lit", "<invite ", NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_in_a_room),
        cmocka_unit_test(joins_cost_more),
        cmocka_unit_test(nicks_and_presences),
        cmocka_unit_test(private_messages),
        cmocka_unit_test(moderators_are_exempt),
        cmocka_unit_test(a_user_in_all_rooms),
        cmocka_unit_test(users_of_the_own_domain),
        cmocka_unit_test(a_large_factor_is_no_small_limit),
        cmocka_unit_test(a_room_is_shared),
        cmocka_unit_test(a_full_room_gives_each_speaker_a_part),
        cmocka_unit_test(refusals),
        cmocka_unit_test(bytes_of_answers),
        cmocka_unit_test(probes),
        cmocka_unit_test(history_again_and_again),
        cmocka_unit_test(bytes_of_history),
        cmocka_unit_test(invitations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
