#include "test_outbox_three.h"

/* ---- One lane ---- */

static void a_lane_keeps_its_order(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    send_text(outbox, "room", "1");
    outbox_fan(outbox, audience, stanza("2@ "), 0);
    outbox_commit(outbox);
    crowd(outbox, audience, "x", false, 0);
    send_text(outbox, "room", "4");
    outbox_commit(outbox);
    expect_all(outbox, "12alice 2bob 2bob2 <ax><bx>4");
    end(outbox, audience);
}

static void nothing_is_taken_before_the_commit(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    send_text(outbox, "", "kept");
    assert_false(outbox_has_work(outbox));
    expect_take(outbox, SLICE, "");
    outbox_commit(outbox);
    assert_true(outbox_has_work(outbox));
    expect_all(outbox, "kept");
    outbox_free(outbox);
}

static void what_is_behind_others_of_its_lane_does_not_press(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    assert_false(outbox_is_pressing(outbox));
    send_text(outbox, "busy", "12");
    assert_true(outbox_is_pressing(outbox)); /* nothing is before it */
    outbox_commit(outbox);
    assert_false(outbox_is_pressing(outbox)); /* nothing is staged */
    send_text(outbox, "busy", "3");
    assert_false(outbox_is_pressing(outbox));
    send_text(outbox, "quiet", "4");
    assert_true(outbox_is_pressing(outbox));
    outbox_drop(outbox);
    send_text(outbox, "busy", "5");
    assert_false(outbox_is_pressing(outbox));
    expect_take(outbox, SLICE, "12");
    assert_true(outbox_is_pressing(outbox)); /* nothing is before the job any more */
    outbox_commit(outbox);
    assert_false(outbox_is_pressing(outbox));
    expect_all(outbox, "5");
    outbox_free(outbox);
}

static void a_dropped_turn_leaves_earlier_ones_alone(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    outbox_fan(outbox, audience, stanza("kept@ "), 0);
    outbox_commit(outbox);
    outbox_fan(outbox, audience, stanza("lost@ "), 0);
    crowd(outbox, audience, "lost", true, 0);
    send_text(outbox, "room", "lost");
    send_text(outbox, "other", "lost");
    outbox_drop(outbox);
    send_text(outbox, "room", "later");
    outbox_commit(outbox);
    expect_all(outbox, "keptalice keptbob keptbob2 later");
    end(outbox, audience);
}

static void a_room_made_again_goes_on_in_the_old_order(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *old = three(outbox);
    outbox_fan(outbox, old, stanza("destroyed@ "), 0);
    outbox_commit(outbox);
    audience_unref(old);
    struct audience *new = fixture_audience(outbox, "room");
    session_join(new, &bob);
    outbox_fan(outbox, new, stanza("created@ "), 0);
    outbox_commit(outbox);
    expect_take(outbox, 16, "destroyedalice ");
    expect_all(outbox, "destroyedbob destroyedbob2 createdbob ");
    end(outbox, new);
}

/* ---- Who gets what ---- */

struct fan {
    const char *stanza;
    uint32_t except;
    const char *expected;
};

static const struct fan fans[] = {
    {"<m@>", 0, "<malice><mbob><mbob2>"},
    {"<m@>", 1, "<mbob><mbob2>"},
    {"<m@>", 2, "<malice>"},
    {"<m@>", 3, "<malice><mbob><mbob2>"},
    {"@", 0, "alicebobbob2"},
    {"<@{real}>", 0, "<alice><bob><bob2real>"},
    {"<@ {1} 2 {3} 4 {5} 6{7}>", 1, "<bob  2  4  6><bob2 1 2 3 4 5 67>"},
    {"@{all}", 0, "alicebobbob2all"},
    {"@{}.", 0, "alice.bob.bob2."},
    {"@{1}{2}.", 0, "alice.bob.bob212."},
};

static void a_fan_reaches_those_it_is_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fans / sizeof *fans; i++) {
        struct outbox *outbox = fixture_outbox();
        struct audience *audience = three(outbox);
        outbox_fan(outbox, audience, stanza(fans[i].stanza), fans[i].except);
        outbox_commit(outbox);
        expect_all(outbox, fans[i].expected);
        end(outbox, audience);
    }
}

struct newcomer {
    bool sees_real;
    uint32_t except;
    const char *expected;
};

static const struct newcomer newcomers[] = {
    {false, 0, "<anew><bnew>"},
    {true, 0, "<anew><bnew!>"},
    {true, 1, "<bnew!>"},
    {true, 2, "<anew>"},
};

static void a_crowd_shows_each_occupant_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof newcomers / sizeof *newcomers; i++) {
        struct outbox *outbox = fixture_outbox();
        struct audience *audience = three(outbox);
        crowd(outbox, audience, "new", newcomers[i].sees_real, newcomers[i].except);
        outbox_commit(outbox);
        expect_all(outbox, newcomers[i].expected);
        end(outbox, audience);
    }
}

static void a_job_sends_what_was_true_at_its_moment(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    struct session carol = {.address = "carol", .presence = "<c@>", .owner = 3};
    session_join(audience, &alice);
    session_join(audience, &bob);
    outbox_fan(outbox, audience, stanza("1@ "), 0);
    session_join(audience, &carol);
    outbox_fan(outbox, audience, stanza("2@ "), 0);
    crowd(outbox, audience, "x", false, 0);
    carol.presence = "<away@>";
    session_change(audience, &carol);
    audience_remove(audience, &alice.seat);
    outbox_fan(outbox, audience, stanza("3@ "), 0);
    crowd(outbox, audience, "y", false, 0);
    audience_remove(audience, &bob.seat);
    audience_remove(audience, &carol.seat);
    outbox_fan(outbox, audience, stanza("4@ "), 0);
    outbox_commit(outbox);
    expect_all(outbox, "1alice 1bob 2alice 2bob 2carol <ax><bx><cx>3bob 3carol <by><awayy>");
    end(outbox, audience);
}

static void who_may_see_real_jids_is_of_the_moment_too(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    struct session carol = {.address = "carol", .owner = 3};
    session_join(audience, &carol);
    outbox_fan(outbox, audience, stanza("1@{!} "), 0);
    carol.sees_real = true;
    session_change(audience, &carol);
    outbox_fan(outbox, audience, stanza("2@{!} "), 0);
    carol.sees_real = false;
    session_change(audience, &carol);
    outbox_fan(outbox, audience, stanza("3@{!} "), 0);
    outbox_commit(outbox);
    expect_all(outbox, "1carol 2carol! 3carol ");
    end(outbox, audience);
}

static void a_job_without_anybody_leaves_no_trace(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "empty");
    outbox_fan(outbox, audience, stanza("@"), 0);
    crowd(outbox, audience, "x", true, 0);
    outbox_commit(outbox);
    assert_true(outbox_has_work(outbox));
    expect_all(outbox, "");
    end(outbox, audience);
}

/* A walk past many sessions that get nothing takes several slices, and other lanes get their share.
 */
static void passing_over_many_takes_turns(void **state)
{
    (void)state;
    enum { MANY = 250000 };
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "many");
    struct session *sessions = calloc(MANY, sizeof *sessions);
    for (uint32_t i = 0; i < MANY; i++) {
        sessions[i] = (struct session){.address = "a", .owner = i + 1};
        session_join(audience, &sessions[i]);
    }
    char *slice = malloc(OUTBOX_SLICE_MIN);
    uint64_t weight = 0;
    crowd(outbox, audience, "x", false, 0);
    outbox_commit(outbox);
    assert_int_equal(outbox_take(outbox, slice, OUTBOX_SLICE_MIN, UINT64_MAX, &weight), 1);
    assert_int_equal(slice[0], ' ');
    send_text(outbox, "other", "meanwhile");
    outbox_commit(outbox);
    size_t len = outbox_take(outbox, slice, OUTBOX_SLICE_MIN, UINT64_MAX, &weight);
    len += outbox_take(outbox, slice + len, OUTBOX_SLICE_MIN - len, UINT64_MAX, &weight);
    slice[len] = '\0';
    assert_non_null(strstr(slice, "meanwhile"));
    assert_false(outbox_has_work(outbox));
    free(slice);
    free(sessions);
    end(outbox, audience);
}

/* ---- Marks and references ---- */

static void it_is_full_from_the_high_mark_to_the_low_one(void **state)
{
    (void)state;
    struct outbox_limits limits = {.high = 5000, .low = 2000};
    struct outbox *outbox = outbox_new(&limits, &fixture_seed);
    int sent = 0;
    for (; !outbox_is_full(outbox); sent++) {
        assert_true(outbox_queued(outbox) <= limits.high);
        send_text(outbox, "", "12345678");
        outbox_commit(outbox);
    }
    assert_true(outbox_queued(outbox) > limits.high);
    int taken = 0;
    for (; outbox_is_full(outbox); taken++) {
        assert_true(outbox_queued(outbox) >= limits.low);
        expect_take(outbox, 8, "12345678");
    }
    assert_true(outbox_queued(outbox) < limits.low);
    assert_true(taken > 1 && taken < sent);
    send_text(outbox, "", "12345678");
    assert_false(outbox_is_full(outbox));
    outbox_free(outbox);
}

static void what_is_staged_counts_until_it_is_dropped(void **state)
{
    (void)state;
    struct outbox_limits limits = {.high = 1000, .low = 0};
    struct outbox *outbox = outbox_new(&limits, &fixture_seed);
    while (!outbox_is_full(outbox))
        send_text(outbox, "", "12345678");
    outbox_drop(outbox);
    assert_int_equal(outbox_queued(outbox), 0);
    assert_false(outbox_is_full(outbox));
    outbox_free(outbox);
}

/* A stanza for thousands counts once, until its last copy is taken. */
static void a_fan_counts_as_one_stanza(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    outbox_fan(outbox, audience, stanza("@\n"), 0);
    outbox_commit(outbox);
    size_t one = outbox_queued(outbox);
    expect_take(outbox, 6, "alice\n");
    assert_int_equal(outbox_queued(outbox), one);
    expect_all(outbox, "bob\nbob2\n");
    end(outbox, audience);
}

static void references_come_back(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    struct rendered *shared = stanza("@");
    struct blob *address = blob_new(span_of("x"));
    struct lane *lane = outbox_lane(outbox, span_of("room"));
    outbox_fan(outbox, audience, rendered_ref(shared), 0);
    outbox_crowd(outbox, audience, address, true, 0);
    outbox_deliver(outbox, lane, rendered_ref(shared), address, true);
    outbox_commit(outbox);
    outbox_fan(outbox, audience, rendered_ref(shared), 0);
    outbox_crowd(outbox, audience, address, true, 0);
    outbox_deliver(outbox, lane, rendered_ref(shared), address, true);
    assert_int_equal(shared->refs, 5);
    assert_int_equal(address->refs, 5);
    outbox_drop(outbox);
    assert_int_equal(shared->refs, 3);
    assert_int_equal(address->refs, 3);
    free(take(outbox, SLICE));
    assert_int_equal(shared->refs, 1);
    assert_int_equal(address->refs, 1);
    rendered_unref(shared);
    blob_unref(address);
    lane_unref(lane);
    end(outbox, audience);
}

static void it_can_be_freed_with_work_in_it(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    outbox_fan(outbox, audience, stanza("@\n"), 0);
    send_text(outbox, "other", "committed");
    outbox_commit(outbox);
    expect_take(outbox, 6, "alice\n");
    outbox_fan(outbox, audience, stanza("@\n"), 0);
    send_text(outbox, "third", "staged");
    end(outbox, audience);
}

/* ---- The line ---- */

/* Lanes are served in turn, so a job committed last may leave first. */
static void the_line_is_past_when_all_before_it_is_taken(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    assert_true(outbox_is_past_line(outbox));
    send_text(outbox, "a", "1");
    send_text(outbox, "a", "2");
    send_text(outbox, "b", "3");
    outbox_commit(outbox);
    send_text(outbox, "c", "behind");
    assert_true(outbox_draw_line(outbox));
    outbox_commit(outbox);
    assert_false(outbox_is_past_line(outbox));
    expect_take(outbox, 2, "12");
    assert_false(outbox_is_past_line(outbox));
    expect_take(outbox, 1, "3");
    assert_true(outbox_is_past_line(outbox));
    expect_all(outbox, "behind");
    assert_true(outbox_draw_line(outbox));
    assert_true(outbox_is_past_line(outbox));
    outbox_free(outbox);
}

static void there_is_one_line_at_a_time(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    send_text(outbox, "a", "first");
    outbox_commit(outbox);
    assert_true(outbox_draw_line(outbox));
    send_text(outbox, "a", "dropped");
    outbox_drop(outbox);
    assert_false(outbox_draw_line(outbox));
    send_text(outbox, "a", "second");
    outbox_commit(outbox);
    expect_take(outbox, 5, "first");
    assert_true(outbox_is_past_line(outbox));
    assert_true(outbox_draw_line(outbox));
    assert_false(outbox_is_past_line(outbox));
    expect_all(outbox, "second");
    assert_true(outbox_is_past_line(outbox));
    outbox_free(outbox);
}

static void a_lane_is_found_by_its_name(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct lane *a = outbox_lane(outbox, span_of("a"));
    struct lane *none = outbox_lane(outbox, (struct span){NULL, 0});
    struct lane *again = outbox_lane(outbox, (struct span){"ab", 1});
    struct lane *service = outbox_lane(outbox, span_of(""));
    assert_ptr_equal(a, again);
    assert_ptr_equal(none, service);
    assert_ptr_not_equal(a, service);
    struct lane *all[] = {a, none, again, service};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        lane_unref(all[i]);
    outbox_free(outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lane_keeps_its_order),
        cmocka_unit_test(nothing_is_taken_before_the_commit),
        cmocka_unit_test(what_is_behind_others_of_its_lane_does_not_press),
        cmocka_unit_test(a_dropped_turn_leaves_earlier_ones_alone),
        cmocka_unit_test(a_room_made_again_goes_on_in_the_old_order),
        cmocka_unit_test(a_fan_reaches_those_it_is_for),
        cmocka_unit_test(a_crowd_shows_each_occupant_once),
        cmocka_unit_test(a_job_sends_what_was_true_at_its_moment),
        cmocka_unit_test(who_may_see_real_jids_is_of_the_moment_too),
        cmocka_unit_test(a_job_without_anybody_leaves_no_trace),
        cmocka_unit_test(it_is_full_from_the_high_mark_to_the_low_one),
        cmocka_unit_test(what_is_staged_counts_until_it_is_dropped),
        cmocka_unit_test(a_fan_counts_as_one_stanza),
        cmocka_unit_test(references_come_back),
        cmocka_unit_test(it_can_be_freed_with_work_in_it),
        cmocka_unit_test(the_line_is_past_when_all_before_it_is_taken),
        cmocka_unit_test(there_is_one_line_at_a_time),
        cmocka_unit_test(passing_over_many_takes_turns),
        cmocka_unit_test(a_lane_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
