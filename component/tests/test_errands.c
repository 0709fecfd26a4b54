/* How many questions to archives may be under way. */

#include "archive_fixture.h"

#define OF_USER 6 /* the limits of the rig */
#define OF_ALL  10

static void open_held(struct rig *rig)
{
    room_open(rig, OPEN);
    say_some(rig, 1);
    rig->holds_errands = true;
}

static void expect_held(struct rig *rig, const char *who)
{
    ask(rig, who, "");
    rig_expect_nothing(rig, who);
}

static void expect_refused(struct rig *rig, const char *who)
{
    ask(rig, who, "");
    rig_expect(rig, who, "type='error'", "<error type='wait'", "<resource-constraint", NULL);
}

static void one_user_leaves_room_for_others(void **state)
{
    (void)state;
    struct rig rig;
    open_held(&rig);
    for (unsigned i = 0; i < OF_USER; i++)
        expect_held(&rig, ROMEO);
    expect_refused(&rig, ROMEO);
    expect_held(&rig, JULIET);
    rig_run_errands(&rig);
    for (unsigned i = 0; i < OF_USER; i++)
        expect_page(&rig, ROMEO, "m0", "complete='true'", NULL);
    expect_page(&rig, JULIET, "m0", "complete='true'", NULL);
    expect_held(&rig, ROMEO);
    rig_close(&rig); /* with a question under way */
}

static void all_together_have_a_limit(void **state)
{
    (void)state;
    struct rig rig;
    open_held(&rig);
    for (unsigned i = 0; i < OF_ALL; i++)
        expect_held(&rig, i < OF_USER ? ROMEO : MERCUTIO);
    expect_refused(&rig, JULIET);
    rig_run_errands(&rig);
    rig_drain(&rig);
    expect_held(&rig, JULIET);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_user_leaves_room_for_others),
        cmocka_unit_test(all_together_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
