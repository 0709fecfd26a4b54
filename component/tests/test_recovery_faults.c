/* Presence is sent again while the store fails. */
#include "recovery_fixture.h"

static void script(struct rig *rig)
{
    open_quietly(rig, CONFIGURE(""));
    rig_join(rig, TYBALT, ROOM "/Tybalt");
    lose(rig, LEAVE(MERCUTIO));
    lose(rig, "<presence from='" JULIET "' to='" ROOM "/Julie'/>");
    rig_restart(rig);
}

#define STEPS 100 /* more than telling again takes */

/* The turn after a failed one sends what the failed one did not. */
static void any_call_may_fail(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= STEPS; k++) {
        struct rig rig;
        script(&rig);
        rig_recover(&rig);
        char *expected = strdup(rig.out.data);
        rig_drain(&rig);
        rig_restart(&rig);
        rig.fail_at = k;
        rig_recover(&rig);
        if (k == STEPS)
            assert_true(rig.fail_at > 0);
        rig.fail_at = 0;
        assert_string_equal(rig.out.data, expected);
        free(expected);
        rig_drain(&rig);
        close_quietly(&rig);
    }
}

static void a_receipt_that_cannot_be_stored_does_not_count(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= 5; k++) {
        struct rig rig;
        open_quietly(&rig, CONFIGURE(""));
        lose(&rig, LEAVE(JULIET));
        rig.fail_at = k;
        rig_confirm(&rig);
        assert_int_equal(rig.fail_at, 0);
        assert_true(service_unconfirmed(rig.service) > 0);
        crash(&rig);
        rig_expect(&rig, ROMEO, JULIET_AT, GONE, NULL);
        rig_drain(&rig);
        close_quietly(&rig);
    }
}

/* A change that was rolled back is not sent. */
static void a_dropped_turn_leaves_nothing(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= 6; k++) {
        struct rig rig;
        open_quietly(&rig, CONFIGURE(""));
        rig.fail_at = k;
        lose(&rig, LEAVE(JULIET));
        assert_int_equal(rig.fail_at, 0);
        crash(&rig);
        close_quietly(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_call_may_fail),
        cmocka_unit_test(a_receipt_that_cannot_be_stored_does_not_count),
        cmocka_unit_test(a_dropped_turn_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
