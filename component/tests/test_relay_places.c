/* IQs between occupants that wait for an answer: how many may, and for how long. */

#include "relay_fixture.h"

static void questions_time_out(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    char *id = id_passed_on(&rig, MERCUTIO);
    rig_wait(&rig, 29);
    rig_expect_nothing(&rig, NULL);
    rig_wait(&rig, 1);
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio' type='error' id='q1'",
               "<error type='wait' code='504'", "<remote-server-timeout", NULL);
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, "");
    rig_wait(&rig, 60);
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

static void one_user_leaves_room_for_others(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (unsigned i = 0; i < rig.settings.limits.user_relays; i++) {
        rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
        rig_expect(&rig, MERCUTIO, "type='get'", NULL);
    }
    rig_send(&rig, ASK(JULIET, "q2", "Mercutio"));
    rig_expect(&rig, JULIET, "type='error' id='q2'", "<error type='wait'", "<resource-constraint",
               NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, ASK(MERCUTIO, "q3", "Juliet"));
    rig_expect(&rig, JULIET, "type='get'", NULL);
    rig_wait(&rig, 30);
    rig_drain(&rig);
    rig_send(&rig, ASK(JULIET, "q2", "Mercutio"));
    rig_expect(&rig, MERCUTIO, "type='get'", NULL);
    rig_close(&rig);
}

static void expect_asked(struct rig *rig)
{
    rig_send(rig, ASK(JULIET, "q1", "Mercutio"));
    rig_expect(rig, MERCUTIO, "type='get'", NULL);
}

static void an_answer_gives_the_place_back(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.user_relays = 1;
    service_configure(rig.service, &rig.settings);
    for (unsigned i = 0; i < 3; i++) {
        rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
        char *id = id_passed_on(&rig, MERCUTIO);
        rig_send(&rig, ASK(JULIET, "q2", "Mercutio"));
        rig_expect(&rig, JULIET, "type='error' id='q2'", "<resource-constraint", NULL);
        answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, QUERY);
        rig_expect(&rig, JULIET, "type='result' id='q1'", NULL);
        free(id);
    }
    rig_close(&rig);
}

/* IQs that a dropped turn sent or answered do not count. */
static void a_dropped_turn_gives_the_place_back(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.user_relays = 2;
    service_configure(rig.service, &rig.settings);
    for (unsigned i = 0; i < 5; i++) {
        rig.fail_at = 1;
        rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
        rig_drain(&rig);
    }
    rig.fail_at = 0;
    expect_asked(&rig);
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    char *id = id_passed_on(&rig, MERCUTIO);
    rig.fail_at = 1;
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, QUERY);
    rig.fail_at = 0;
    rig_drain(&rig);
    rig_send(&rig, ASK(JULIET, "q2", "Mercutio"));
    rig_expect(&rig, JULIET, "type='error' id='q2'", "<resource-constraint", NULL);
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, QUERY);
    rig_expect(&rig, JULIET, "type='result' id='q1'", NULL);
    expect_asked(&rig);
    free(id);
    rig_close(&rig);
}

/* Many accounts of one person leave a place for a user who asks for the first time. */
static void the_last_places_are_for_newcomers(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.relays = 10;
    service_configure(rig.service, &rig.settings);
    expect_asked(&rig);
    expect_asked(&rig);
    rig_send(&rig, ASK(JULIET, "q2", "Mercutio"));
    rig_expect(&rig, JULIET, "type='error' id='q2'", "<resource-constraint", NULL);
    rig_send(&rig, ASK(MERCUTIO, "q3", "Juliet"));
    rig_expect(&rig, JULIET, "type='get'", NULL);
    rig_close(&rig);
}

/* After a dropped turn, its IQs were never sent, and those that it answered are still open. */
static void a_dropped_turn_leaves_nothing_behind(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.fail_at = 1;
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    rig_expect_nothing(&rig, NULL);
    rig.fail_at = 0;
    rig_wait(&rig, 60);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, ASK(JULIET, "q2", "Mercutio"));
    char *id = id_passed_on(&rig, MERCUTIO);
    rig.fail_at = 1;
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, "");
    rig_expect_nothing(&rig, NULL);
    rig.fail_at = 0;
    rig_wait(&rig, 30);
    rig_expect(&rig, JULIET, "type='error' id='q2'", "<remote-server-timeout", NULL);
    free(id);
    rig_close(&rig);
}

/* Hands a stanza in without ending the turn. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_time_out),
        cmocka_unit_test(one_user_leaves_room_for_others),
        cmocka_unit_test(an_answer_gives_the_place_back),
        cmocka_unit_test(a_dropped_turn_gives_the_place_back),
        cmocka_unit_test(the_last_places_are_for_newcomers),
        cmocka_unit_test(a_dropped_turn_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
