/* How many queries of archives may be open. */

#include "archive_fixture.h"

#define OF_USER 6 /* the limit of the rig */

static void open_held(struct rig *rig)
{
    room_open(rig, CONFIGURE(""));
    say_some(rig, 1);
    rig->holds_tasks = true;
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
    rig_run_tasks(&rig);
    for (unsigned i = 0; i < OF_USER; i++)
        expect_page(&rig, ROMEO, "m0", "complete='true'", NULL);
    expect_page(&rig, JULIET, "m0", "complete='true'", NULL);
    expect_held(&rig, ROMEO);
    rig_close(&rig); /* with a query under way */
}

/* The last places are for users without an open query. */
static void the_last_places_are_for_newcomers(void **state)
{
    (void)state;
    struct rig rig;
    open_held(&rig);
    rig.settings.limits.archive_queries = 10;
    service_configure(rig.service, &rig.settings);
    expect_held(&rig, ROMEO);
    expect_held(&rig, ROMEO);
    expect_refused(&rig, ROMEO); /* of eight that are left */
    for (unsigned i = 0; i < 8; i++) {
        char user[32];
        snprintf(user, sizeof user, "user%u@localhost/x", i);
        expect_held(&rig, user);
    }
    expect_refused(&rig, JULIET);
    rig_run_tasks(&rig);
    rig_drain(&rig);
    expect_held(&rig, JULIET);
    rig_close(&rig);
}

/* Searches are counted separately from pages. */
static void searches_take_no_place_of_a_page(void **state)
{
    (void)state;
    struct rig rig;
    open_held(&rig);
    for (unsigned i = 0; i < OF_USER; i++) {
        ask(&rig, ROMEO, MAM_FORM(FIELD("with", ROOM "/Juliet")));
        rig_expect_nothing(&rig, ROMEO);
    }
    ask(&rig, ROMEO, MAM_FORM(FIELD("with", ROOM "/Juliet")));
    rig_expect(&rig, ROMEO, "type='error'", "<error type='wait'", "<resource-constraint", NULL);
    expect_held(&rig, ROMEO);
    rig_close(&rig);
}

/* Queries of a dropped turn do not count. */
static void a_dropped_turn_gives_its_place_back(void **state)
{
    (void)state;
    struct rig rig;
    open_held(&rig);
    for (unsigned i = 0; i < 2 * OF_USER; i++) {
        rig.fail_at = 1; /* the commit */
        ask(&rig, ROMEO, "");
        assert_int_equal(rig.fail_at, 0);
    }
    for (unsigned i = 0; i < OF_USER; i++)
        expect_held(&rig, ROMEO);
    expect_refused(&rig, ROMEO);
    rig_close(&rig);
}

/* A user with much unsent output has no further query run. */
static void no_query_runs_while_much_is_unsent(void **state)
{
    (void)state;
    struct rig rig;
    open_held(&rig);
    expect_held(&rig, ROMEO);
    static char bytes[60000];
    memset(bytes, ' ', sizeof bytes);
    struct lane *lane = outbox_lane(rig.outbox, span_of("romeo@verona.lit"));
    for (unsigned i = 0; i < 20; i++)
        outbox_send(rig.outbox, lane,
                    rendered_new((struct span){bytes, sizeof bytes}, RENDERED_NO_TO, NULL, 0));
    outbox_commit(rig.outbox);
    lane_unref(lane);
    assert_null(rig_take_task(&rig));
    rig_collect(&rig);
    rig_drain(&rig);
    rig_run_tasks(&rig);
    expect_page(&rig, ROMEO, "m0", "complete='true'", NULL);
    rig_close(&rig);
}

/* `out` tasks are given to the thread at once, and another when one is done. */
static void expect_out(struct rig *rig, enum task_kind kind, unsigned out)
{
    struct task *tasks[OF_USER * 2];
    for (unsigned i = 0; i <= out; i++) {
        tasks[i] = service_take_task(rig->service, kind);
        assert_int_equal(tasks[i] != NULL, i < out);
    }
    service_task_free(rig->service, tasks[0]);
    tasks[0] = service_take_task(rig->service, kind);
    assert_non_null(tasks[0]);
    assert_null(service_take_task(rig->service, kind));
    for (unsigned i = 0; i < out; i++)
        service_task_free(rig->service, tasks[i]);
}

static void few_tasks_are_out_at_once(void **state)
{
    (void)state;
    struct rig rig;
    open_held(&rig);
    for (unsigned i = 0; i < 5; i++) {
        expect_held(&rig, ROMEO);
        expect_held(&rig, JULIET);
        ask(&rig, MERCUTIO, MAM_FORM(FIELD("with", ROOM "/Juliet")));
    }
    expect_out(&rig, TASK_PAGE, 8);
    expect_out(&rig, TASK_SEARCH, 2);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_user_leaves_room_for_others),
        cmocka_unit_test(the_last_places_are_for_newcomers),
        cmocka_unit_test(searches_take_no_place_of_a_page),
        cmocka_unit_test(a_dropped_turn_gives_its_place_back),
        cmocka_unit_test(no_query_runs_while_much_is_unsent),
        cmocka_unit_test(few_tasks_are_out_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
