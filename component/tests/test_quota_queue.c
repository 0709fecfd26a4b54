/* Refusals when too much waits for the server, or memory is short. */

#include "quota_fixture.h"

#define COPIES_A_SECOND 30 /* of a slow server; the room has three occupants */

static void a_tenth_of_a_second(struct service_limits *limits)
{
    limits->user_queue_ms = 1000;
    limits->room_queue_ms = 4000;
}

static void open_slow(struct rig *rig)
{
    open_under(rig, a_tenth_of_a_second);
    service_speed(rig->service, COPIES_A_SECOND * (OUTBOX_COPY_WEIGHT + 400));
    rig_wait(rig, 100);
    rig->holds_output = true;
}

/* All errors that were sent to somebody. */
static unsigned errors_to(struct rig *rig, const char *to)
{
    unsigned count = 0;
    rig_collect(rig);
    for (char *stanza; (stanza = rig_receive(rig, to)); free(stanza))
        count += strstr(stanza, "type='error'") != NULL;
    return count;
}

static void send_times(struct rig *rig, const char *text, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        rig_send(rig, text);
}

static void users_who_cause_too_much_are_refused(void **state)
{
    (void)state;
    struct rig rig;
    open_slow(&rig);
    send_times(&rig, SAY(JULIET, "Hi"), 20); /* of which ten are a second's worth */
    send_times(&rig, SAY(MERCUTIO, "Hi"), 3);
    send_times(&rig, SAY(ROMEO, "Hi"), 20);
    assert_in_range(errors_to(&rig, JULIET), 5, 10);
    assert_int_equal(errors_to(&rig, MERCUTIO), 0);
    assert_int_equal(errors_to(&rig, ROMEO), 0);
    rig_close(&rig);
}

static void a_room_with_too_much_is_shared(void **state)
{
    (void)state;
    struct rig rig;
    open_slow(&rig);
    send_times(&rig, SAY(ROMEO, "Hi"), 60); /* more than four seconds' worth is taken */
    send_times(&rig, SAY(JULIET, "Hi"), 9);
    send_times(&rig, SAY(MERCUTIO, "Hi"), 1);
    assert_in_range(errors_to(&rig, JULIET), 2, 5);
    assert_int_equal(errors_to(&rig, MERCUTIO), 0);
    rig_drain(&rig);
    rig_send(&rig, SAY(JULIET, "Hi"));
    assert_int_equal(errors_to(&rig, JULIET), 0); /* all of it has been sent */
    rig_close(&rig);
}

/* An owner may send more, but cannot fill the queue. */
static void moderators_have_a_limit(void **state)
{
    (void)state;
    struct rig rig;
    open_slow(&rig);
    send_times(&rig, SAY(ROMEO, "Hi"), 200); /* twenty seconds' worth */
    assert_in_range(errors_to(&rig, ROMEO), 155, 165);
    rig_close(&rig);
}

/* A moderator can act while others flood the room. */
static void moderators_act_in_a_flood(void **state)
{
    (void)state;
    struct rig rig;
    open_slow(&rig);
    send_times(&rig, SAY(ROMEO, "Hi"), 20);
    send_times(&rig, SAY(JULIET, "Hi"), 8);
    rig_send(&rig, ADMIN("<item nick='Juliet' role='none'/>"));
    rig_collect(&rig);
    rig_expect(&rig, JULIET, "<status code='307'/>", NULL);
    rig_close(&rig);
}

/* The kick overtakes the flood and ends it. */
static void a_kick_ends_a_flood(void **state)
{
    (void)state;
    struct rig rig;
    open_slow(&rig);
    send_times(&rig, SAY(JULIET, "Hi"), 9);
    send_times(&rig, SAY(MERCUTIO, "Hi"), 2);
    rig_send(&rig, ADMIN("<item nick='Juliet' role='none'/>"));
    rig_collect(&rig);
    rig_expect(&rig, ROMEO, "id='admin'", "type='result'", NULL);
    rig_expect(&rig, ROMEO, "type='unavailable'", "<status code='307'/>", NULL);
    rig_expect(&rig, ROMEO, "/Mercutio'", "<body>", NULL);
    rig_expect(&rig, ROMEO, "/Mercutio'", "<body>", NULL);
    rig_expect_nothing(&rig, ROMEO);
    rig_expect(&rig, JULIET, "<status code='307'/>", NULL);
    rig_expect(&rig, JULIET, "/Mercutio'", "<body>", NULL); /* she was inside when he said it */
    rig_expect(&rig, JULIET, "/Mercutio'", "<body>", NULL);
    rig_expect_nothing(&rig, JULIET);
    rig_close(&rig);
}

/* When the queue takes too much memory, only moderators may send. */
static void too_much_unsent(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    outbox_configure(rig.outbox, &(struct outbox_limits){3000, 1000});
    rig.holds_output = true;
    send_times(&rig, SAY(JULIET, "Hi"), 12);
    assert_true(outbox_is_full(rig.outbox));
    rig_send(&rig, SAY(ROMEO, "Hi"));
    assert_int_equal(errors_to(&rig, ROMEO), 0);
    assert_in_range(errors_to(&rig, JULIET), 1, 8);
    rig_drain(&rig);
    rig_send(&rig, SAY(JULIET, "Hi"));
    assert_int_equal(errors_to(&rig, JULIET), 0);
    rig_close(&rig);
}

/* ---- Memory ---- */

/* Joins and requests are refused; occupants can speak and leave, and moderators can act. */
static void short_memory(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    service_memory(rig.service, true);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    rig_expect(&rig, TYBALT, "type='error'", CONSTRAINT, NULL);
    rig_send(&rig, "<iq id='i' type='get' from='" JULIET "' to='" ROOM
                   "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    rig_expect(&rig, JULIET, "type='error'", CONSTRAINT, NULL);
    rig_send(&rig, SAY(JULIET, "Hi"));
    rig_expect(&rig, MERCUTIO, "type='groupchat'", NULL);
    rig_send(&rig, ADMIN("<item nick='Juliet' role='none'/>"));
    rig_expect(&rig, JULIET, "type='groupchat'", NULL);
    rig_expect(&rig, JULIET, "<status code='307'/>", NULL);
    rig_send(&rig, LEAVE(MERCUTIO));
    rig_expect(&rig, MERCUTIO, "/Juliet'", NULL);
    rig_expect(&rig, MERCUTIO, "type='unavailable'", NULL);
    service_memory(rig.service, false);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    rig_expect(&rig, TYBALT, "/Romeo'", NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_who_cause_too_much_are_refused),
        cmocka_unit_test(a_room_with_too_much_is_shared),
        cmocka_unit_test(moderators_have_a_limit),
        cmocka_unit_test(moderators_act_in_a_flood),
        cmocka_unit_test(a_kick_ends_a_flood),
        cmocka_unit_test(too_much_unsent),
        cmocka_unit_test(short_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
