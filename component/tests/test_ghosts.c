/* Dead sessions leave together: those who stay are told, those who leave too are not. */

#include "question_fixture.h"

#define CROWD 250 /* more than leave in one step */

static void all_come_back(struct rig *rig)
{
    rig->holds_steps = true;
    for (int i = 0; i < CROWD; i++) {
        char *jid = far_jid(i);
        lose(rig, jid);
        free(jid);
    }
}

static void take_steps(struct rig *rig)
{
    while (service_step_due_in(rig->service) >= 0) {
        rig->now_ms += service_step_due_in(rig->service);
        service_time(rig->service, rig->now_ms, rig->now_ms);
        rig_step(rig);
    }
}

static void all_of_a_server_leave_as_one(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    all_come_back(&rig);
    rig_expect_nothing(&rig, NULL);
    assert_in_range(service_step_due_in(rig.service), 1, 1000);
    take_steps(&rig);
    assert_int_equal(count(&rig, "to='" ROMEO "'"), CROWD);
    assert_int_equal(count(&rig, "<status code='333'/>"), 3 * CROWD);
    assert_int_equal(count(&rig, "@far.example/r'>"), 0);
    rig_close(&rig);
}

/* The first session does not wait for the last, however slowly bounces arrive. */
static void nobody_waits_for_long(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    rig.holds_steps = true;
    for (int i = 0; i < 20; i++) {
        char *jid = far_jid(i);
        lose(&rig, jid);
        rig.now_ms += 80;
        service_time(rig.service, rig.now_ms, rig.now_ms);
        free(jid);
    }
    assert_int_equal(service_step_due_in(rig.service), 0);
    rig_close(&rig);
}

/* A session that speaks is alive, no matter what came back. */
static void the_living_are_spared(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.holds_steps = true;
    lose(&rig, JULIET);
    come_back(&rig, MERCUTIO, ROOM "/Romeo", "cancel", "gone");
    rig_send(&rig, SAY(JULIET, "Hi"));
    rig_drain(&rig);
    take_steps(&rig);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Mercutio'", "type='unavailable'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio'", "type='unavailable'", NULL);
    rig_expect(&rig, MERCUTIO, "<status code='110'/>", NULL); /* the bounce may be a client's */
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* The client left and came back under the same address: that is another session. */
static void another_stay_is_not_buried(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.holds_steps = true;
    lose(&rig, JULIET);
    rig_send(&rig, LEAVE(JULIET));
    rig_join(&rig, JULIET, ROOM "/Juliet");
    take_steps(&rig);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, SAY(ROMEO, "Hi"));
    rig_expect(&rig, JULIET, "<body>Hi</body>", NULL);
    rig_close(&rig);
}

/* The client enters while the leaves of its server's other sessions are sent. */
static void too_late_is_a_new_beginning(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    fill_from_far(&rig, CROWD);
    all_come_back(&rig);
    rig.now_ms += 1000;
    service_time(rig.service, rig.now_ms, rig.now_ms);
    rig_step(&rig);
    unsigned left = CROWD - count(&rig, "to='" ROMEO "'");
    assert_in_range(left, 1, CROWD - 1);
    rig_drain(&rig);
    char *last = far_jid(CROWD - 1);
    struct buf join = BUF_INIT;
    buf_printf(&join, JOIN("%s", "Back"), last);
    rig_send(&rig, join.data);
    rig_expect(&rig, ROMEO, "<status code='333'/>", NULL);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Back'", NULL);
    rig_expect(&rig, last, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, last, "from='" ROOM "/Juliet'", NULL);
    rig_expect(&rig, last, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(&rig, last, "from='" ROOM "/Back'", "<status code='110'/>", NULL);
    rig_drain(&rig); /* sessions that are about to leave are not shown any more */
    take_steps(&rig);
    assert_int_equal(count(&rig, "to='" ROMEO "'"), left - 1);
    buf_free(&join);
    free(last);
    rig_close(&rig);
}

/* Two sessions of three: the nick stays, and neither of them is shown in the place of the other. */
static void one_nick_is_told_of_once(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_join(&rig, "juliet@capulet.lit/third", ROOM "/Juliet");
    rig.holds_steps = true;
    lose(&rig, JULIET);
    lose(&rig, PHONE);
    take_steps(&rig);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet' to=", "jid='juliet@capulet.lit/third'/>", NULL);
    rig_expect(&rig, "juliet@capulet.lit/third", "<status code='110'/>", NULL);
    rig_expect_nothing(&rig, NULL); /* those who do not see real JIDs see no change */
    rig_close(&rig);
}

static void a_dropped_turn_buries_nobody(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.holds_steps = true;
    lose(&rig, JULIET);
    rig.now_ms += 1000;
    service_time(rig.service, rig.now_ms, rig.now_ms);
    rig.drops = true;
    rig_step(&rig);
    rig_expect_nothing(&rig, NULL);
    assert_in_range(service_step_due_in(rig.service), 1, 1000);
    take_steps(&rig);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet'", "<status code='333'/>", NULL);
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_a_server_leave_as_one),
        cmocka_unit_test(nobody_waits_for_long),
        cmocka_unit_test(the_living_are_spared),
        cmocka_unit_test(another_stay_is_not_buried),
        cmocka_unit_test(too_late_is_a_new_beginning),
        cmocka_unit_test(one_nick_is_told_of_once),
        cmocka_unit_test(a_dropped_turn_buries_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
