/* Runs of commands: limits, callers who go away, and the end of the service. */

#include "command_fixture.h"
#include "muc/command/handlers.h"
#include "muc/command/runs.h"
#include "muc/state/service_state.h"

static bool is_full(void *user)
{
    return *(bool *)user;
}

static void count_end(void *user, const struct stanza_error *error, const char *text)
{
    (void)text;
    ++*(int *)user;
    if (error)
        *(int *)user += 100;
}

static struct run *begin_kick(struct rig *rig, const struct run_sink *sink)
{
    struct run_caller caller = {.name = "uid 0", .is_operator = true};
    json_t *args = json_pack("{s:s, s:s}", "room", ROOM, "nick", "Juliet");
    return run_begin(rig->service, command_find("kick"), args, &caller, sink);
}

static struct run *begin_as(struct rig *rig, const struct run_sink *sink, bool is_operator)
{
    struct run_caller caller = {.name = "romeo", .jid = span_of(ROMEO), .is_operator = is_operator};
    json_t *args = json_pack("{s:s, s:s}", "room", ROOM, "nick", "Juliet");
    return run_begin(rig->service, command_find("kick"), args, &caller, sink);
}

/* Owners of rooms do not take the places of operators. */
static void no_more_runs_than_the_limit(void **state)
{
    struct rig rig;
    int ends = 0;
    (void)state;
    struct run_sink sink = {.user = &ends, .row = answer_take_row, .end = count_end};
    room_open(&rig, CONFIGURE(""));
    for (int i = 0; i < 3; i++)
        assert_non_null(begin_as(&rig, &sink, false));
    assert_null(begin_as(&rig, &sink, false));
    assert_non_null(begin_as(&rig, &sink, true));
    rig_wait(&rig, 1);
    assert_int_equal(ends, 304); /* one kicked, three found nobody */
    assert_non_null(begin_as(&rig, &sink, false));
    rig_wait(&rig, 1);
    rig_close(&rig);
}

static void what_the_caller_does_not_wait_for_is_not_done(void **state)
{
    struct rig rig;
    int ends = 0;
    (void)state;
    struct run_sink sink = {.user = &ends, .row = answer_take_row, .end = count_end};
    room_open(&rig, CONFIGURE(""));
    rig_drain(&rig);
    run_abandon(begin_kick(&rig, &sink));
    rig_wait(&rig, 1);
    assert_int_equal(ends, 0);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void a_run_waits_while_its_sink_is_full(void **state)
{
    struct rig rig;
    (void)state;
    struct {
        bool full; /* first: is_full() reads it */
    } user = {true};
    struct run_sink sink = {
        .user = &user, .is_full = is_full, .row = answer_take_row, .end = count_end};
    room_open(&rig, CONFIGURE(""));
    struct run *run = begin_kick(&rig, &sink);
    assert_false(runs_have_work(rig.service));
    assert_true(service_step_due_in(rig.service) < 0);
    user.full = false;
    assert_true(runs_have_work(rig.service));
    run_abandon(run);
    assert_int_equal(rig.service->runs_count, 0);
    rig_close(&rig);
}

static void the_end_of_the_service_ends_all_runs(void **state)
{
    struct rig rig;
    int ends = 0;
    (void)state;
    struct run_sink sink = {.user = &ends, .row = answer_take_row, .end = count_end};
    room_open(&rig, CONFIGURE(""));
    begin_kick(&rig, &sink);
    begin_kick(&rig, &sink);
    run_stop(rig.service);
    assert_int_equal(ends, 202);
    assert_null(begin_kick(&rig, &sink));
    rig_close(&rig);
}

static void every_command_can_be_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        assert_non_null(run_handlers[i].step);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_runs_than_the_limit),
        cmocka_unit_test(what_the_caller_does_not_wait_for_is_not_done),
        cmocka_unit_test(a_run_waits_while_its_sink_is_full),
        cmocka_unit_test(the_end_of_the_service_ends_all_runs),
        cmocka_unit_test(every_command_can_be_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
