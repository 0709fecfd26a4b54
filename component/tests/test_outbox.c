#include "test_outbox_fixture.h"

#include <stdio.h>

/* A room of three sessions, two of them under one nick. */
static struct session alice = {.address = "alice", .presence = "<a@>", .owner = 1};
static struct session bob = {.address = "bob", .presence = "<b@{!}>", .owner = 2};
static struct session bob2 = {.address = "bob2", .owner = 2, .sees_real = true};

static struct roster *three(struct outbox *outbox)
{
    struct roster *roster = fixture_roster(outbox, "room");
    session_join(roster, &alice);
    session_join(roster, &bob);
    session_join(roster, &bob2);
    return roster;
}

static void end(struct outbox *outbox, struct roster *roster)
{
    roster_unref(roster);
    outbox_free(outbox);
}

/* ---- One lane ---- */

static void a_lane_keeps_its_order(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = three(outbox);
    send_text(outbox, "room", "1");
    outbox_fan(outbox, roster, stanza("2@ "), 0);
    outbox_commit(outbox);
    crowd(outbox, roster, "x", false, 0);
    send_text(outbox, "room", "4");
    outbox_commit(outbox);
    expect_all(outbox, "12alice 2bob 2bob2 <ax><bx>4");
    end(outbox, roster);
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
    assert_true(outbox_is_pressing(outbox)); /* nothing is before it any more */
    outbox_commit(outbox);
    assert_false(outbox_is_pressing(outbox));
    expect_all(outbox, "5");
    outbox_free(outbox);
}

static void a_dropped_turn_leaves_earlier_ones_alone(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = three(outbox);
    outbox_fan(outbox, roster, stanza("kept@ "), 0);
    outbox_commit(outbox);
    outbox_fan(outbox, roster, stanza("lost@ "), 0);
    crowd(outbox, roster, "lost", true, 0);
    send_text(outbox, "room", "lost");
    send_text(outbox, "other", "lost");
    outbox_drop(outbox);
    send_text(outbox, "room", "later");
    outbox_commit(outbox);
    expect_all(outbox, "keptalice keptbob keptbob2 later");
    end(outbox, roster);
}

static void a_room_made_again_goes_on_in_the_old_order(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *old = three(outbox);
    outbox_fan(outbox, old, stanza("destroyed@ "), 0);
    outbox_commit(outbox);
    roster_unref(old);
    struct roster *new = fixture_roster(outbox, "room");
    session_join(new, &bob);
    outbox_fan(outbox, new, stanza("created@ "), 0);
    outbox_commit(outbox);
    expect_take(outbox, 16, "destroyedalice ");
    expect_all(outbox, "destroyedbob destroyedbob2 createdbob ");
    end(outbox, new);
}

/* ---- Who gets what ---- */

struct audience {
    const char *stanza;
    uint32_t except;
    const char *expected;
};

static const struct audience fans[] = {
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
        struct roster *roster = three(outbox);
        outbox_fan(outbox, roster, stanza(fans[i].stanza), fans[i].except);
        outbox_commit(outbox);
        expect_all(outbox, fans[i].expected);
        end(outbox, roster);
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
        struct roster *roster = three(outbox);
        crowd(outbox, roster, "new", newcomers[i].sees_real, newcomers[i].except);
        outbox_commit(outbox);
        expect_all(outbox, newcomers[i].expected);
        end(outbox, roster);
    }
}

static void a_job_sends_what_was_true_at_its_moment(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = fixture_roster(outbox, "room");
    struct session carol = {.address = "carol", .presence = "<c@>", .owner = 3};
    session_join(roster, &alice);
    session_join(roster, &bob);
    outbox_fan(outbox, roster, stanza("1@ "), 0);
    session_join(roster, &carol);
    outbox_fan(outbox, roster, stanza("2@ "), 0);
    crowd(outbox, roster, "x", false, 0);
    carol.presence = "<away@>";
    session_change(roster, &carol);
    roster_remove(roster, &alice.seat);
    outbox_fan(outbox, roster, stanza("3@ "), 0);
    crowd(outbox, roster, "y", false, 0);
    roster_remove(roster, &bob.seat);
    roster_remove(roster, &carol.seat);
    outbox_fan(outbox, roster, stanza("4@ "), 0);
    outbox_commit(outbox);
    expect_all(outbox, "1alice 1bob 2alice 2bob 2carol <ax><bx><cx>3bob 3carol <by><awayy>");
    end(outbox, roster);
}

static void who_may_see_real_jids_is_of_the_moment_too(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = fixture_roster(outbox, "room");
    struct session carol = {.address = "carol", .owner = 3};
    session_join(roster, &carol);
    outbox_fan(outbox, roster, stanza("1@{!} "), 0);
    carol.sees_real = true;
    session_change(roster, &carol);
    outbox_fan(outbox, roster, stanza("2@{!} "), 0);
    carol.sees_real = false;
    session_change(roster, &carol);
    outbox_fan(outbox, roster, stanza("3@{!} "), 0);
    outbox_commit(outbox);
    expect_all(outbox, "1carol 2carol! 3carol ");
    end(outbox, roster);
}

static void a_job_without_anybody_leaves_no_trace(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = fixture_roster(outbox, "empty");
    outbox_fan(outbox, roster, stanza("@"), 0);
    crowd(outbox, roster, "x", true, 0);
    outbox_commit(outbox);
    assert_true(outbox_has_work(outbox));
    expect_all(outbox, "");
    end(outbox, roster);
}

/* ---- Slices and shares ---- */

static void a_slice_ends_with_a_stanza(void **state)
{
    (void)state;
    for (size_t size = 8; size < 70; size++) {
        struct outbox *outbox = fixture_outbox();
        struct roster *roster = three(outbox);
        outbox_fan(outbox, roster, stanza(".@\n"), 0);
        crowd(outbox, roster, "\n", true, 0);
        send_text(outbox, "room", "12345\n");
        outbox_fan(outbox, roster, stanza("@{}\n"), 2);
        outbox_commit(outbox);
        struct buf all = BUF_INIT;
        while (outbox_has_work(outbox)) {
            char *got = take(outbox, size);
            size_t len = strlen(got);
            assert_true(len == 0 || strchr("\n>", got[len - 1]));
            buf_add_text(&all, got);
            free(got);
        }
        assert_string_equal(all.data, ".alice\n.bob\n.bob2\n<a\n><b\n!>12345\nalice\n");
        buf_free(&all);
        end(outbox, roster);
    }
}

static void a_large_fan_does_not_hold_up_others(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = fixture_roster(outbox, "large");
    static struct session crowded[5000];
    for (uint32_t i = 0; i < 5000; i++) {
        crowded[i] = (struct session){.address = "somebody@somewhere.example", .owner = i + 1};
        session_join(roster, &crowded[i]);
    }
    for (int i = 0; i < 3; i++)
        outbox_fan(outbox, roster, stanza("<message to='@'>to all</message>"), 0);
    outbox_commit(outbox);
    free(take(outbox, SLICE));
    for (int i = 0; i < 40; i++) {
        char name[32], text[32];
        snprintf(name, sizeof name, "small%d", i);
        snprintf(text, sizeof text, "[first of %d]", i);
        send_text(outbox, name, text);
        send_text(outbox, name, "[second]");
    }
    outbox_commit(outbox);
    char *got = take(outbox, SLICE);
    for (int i = 0; i < 40; i++) {
        char text[32];
        snprintf(text, sizeof text, "[first of %d][second]", i);
        assert_non_null(strstr(got, text));
    }
    assert_non_null(strstr(got, "to all"));
    assert_true(strlen(got) > SLICE - 64);
    free(got);
    end(outbox, roster);
}

static void lanes_with_much_work_share_a_slice(void **state)
{
    (void)state;
    enum { LANES = 50, STANZAS = 300 };
    struct outbox *outbox = fixture_outbox();
    for (int i = 0; i < LANES * STANZAS; i++) {
        char name[] = {(char)('0' + i % LANES), '\0'};
        char text[] = {'<', name[0], '>', '\0'};
        struct lane *lane = outbox_lane(outbox, span_of(name));
        struct buf bytes = BUF_INIT;
        buf_printf(&bytes, "%s%0*d", text, 97, 0);
        outbox_send(outbox, lane, rendered_new(buf_span(&bytes), RENDERED_NO_TO, NULL, 0));
        buf_free(&bytes);
        lane_unref(lane);
    }
    outbox_commit(outbox);
    char *got = take(outbox, SLICE);
    for (int i = 0; i < LANES; i++)
        assert_non_null(strstr(got, (char[]){'<', (char)('0' + i), '>', '\0'}));
    free(got);
    outbox_free(outbox);
}

static void a_stanza_that_does_not_fit_begins_the_next_slice(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    send_text(outbox, "a", "1234567");
    send_text(outbox, "b", "12345678");
    send_text(outbox, "c", "1");
    outbox_commit(outbox);
    expect_take(outbox, 8, "1234567");
    expect_take(outbox, 8, "12345678");
    expect_all(outbox, "1");
    outbox_free(outbox);
}

static void a_slice_is_not_larger_than_it_aims_to_be(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = three(outbox);
    for (int i = 0; i < 20000; i++)
        outbox_fan(outbox, roster, stanza("0123456789@"), 0);
    outbox_commit(outbox);
    char *slice = take(outbox, OUTBOX_SLICE_MIN);
    assert_in_range(strlen(slice), OUTBOX_SLICE_AIM - 16, OUTBOX_SLICE_AIM);
    free(slice);
    end(outbox, roster);
}

/* The longest stanza between two short ones, to the longest addresses. */
static void the_longest_stanza_goes_through(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = fixture_roster(outbox, "room");
    char *bytes = test_malloc(OUTBOX_SLICE_MIN);
    memset(bytes, 'x', OUTBOX_STANZA_MAX);
    struct session far[2];
    struct blob *address = blob_new((struct span){bytes, OUTBOX_ADDRESS_MAX});
    struct roster_entry entry = {.address = address, .owner = 1};
    roster_add(roster, &far[0].seat, &entry);
    roster_add(roster, &far[1].seat, &entry);
    blob_unref(address);

    send_text(outbox, "room", "before");
    outbox_fan(outbox, roster, rendered_new((struct span){bytes, OUTBOX_STANZA_MAX}, 10, NULL, 0),
               0);
    send_text(outbox, "room", "after");
    outbox_commit(outbox);
    expect_take(outbox, OUTBOX_SLICE_MIN, "before");
    assert_int_equal(outbox_take(outbox, bytes, OUTBOX_SLICE_MIN), OUTBOX_SLICE_MIN);
    assert_int_equal(outbox_take(outbox, bytes, OUTBOX_SLICE_MIN), OUTBOX_SLICE_MIN);
    expect_all(outbox, "after");
    test_free(bytes);
    end(outbox, roster);
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

/* A stanza for thousands counts once, and for as long as copies of it are to come. */
static void a_fan_counts_as_one_stanza(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = three(outbox);
    outbox_fan(outbox, roster, stanza("@\n"), 0);
    outbox_commit(outbox);
    size_t one = outbox_queued(outbox);
    expect_take(outbox, 6, "alice\n");
    assert_int_equal(outbox_queued(outbox), one);
    expect_all(outbox, "bob\nbob2\n");
    end(outbox, roster);
}

static void references_come_back(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = three(outbox);
    struct rendered *shared = stanza("@");
    struct blob *address = blob_new(span_of("x"));
    outbox_fan(outbox, roster, rendered_ref(shared), 0);
    outbox_crowd(outbox, roster, address, true, 0);
    outbox_commit(outbox);
    outbox_fan(outbox, roster, rendered_ref(shared), 0);
    outbox_crowd(outbox, roster, address, true, 0);
    assert_int_equal(shared->refs, 3);
    assert_int_equal(address->refs, 3);
    outbox_drop(outbox);
    assert_int_equal(shared->refs, 2);
    assert_int_equal(address->refs, 2);
    free(take(outbox, SLICE));
    assert_int_equal(shared->refs, 1);
    assert_int_equal(address->refs, 1);
    rendered_unref(shared);
    blob_unref(address);
    end(outbox, roster);
}

static void it_can_be_freed_with_work_in_it(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct roster *roster = three(outbox);
    outbox_fan(outbox, roster, stanza("@\n"), 0);
    send_text(outbox, "other", "committed");
    outbox_commit(outbox);
    expect_take(outbox, 6, "alice\n");
    outbox_fan(outbox, roster, stanza("@\n"), 0);
    send_text(outbox, "third", "staged");
    end(outbox, roster);
}

/* ---- The line ---- */

/* Lanes are served in turn, so what was committed last may leave first. */
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
        cmocka_unit_test(a_slice_ends_with_a_stanza),
        cmocka_unit_test(a_large_fan_does_not_hold_up_others),
        cmocka_unit_test(lanes_with_much_work_share_a_slice),
        cmocka_unit_test(a_stanza_that_does_not_fit_begins_the_next_slice),
        cmocka_unit_test(a_slice_is_not_larger_than_it_aims_to_be),
        cmocka_unit_test(the_longest_stanza_goes_through),
        cmocka_unit_test(it_is_full_from_the_high_mark_to_the_low_one),
        cmocka_unit_test(what_is_staged_counts_until_it_is_dropped),
        cmocka_unit_test(a_fan_counts_as_one_stanza),
        cmocka_unit_test(references_come_back),
        cmocka_unit_test(it_can_be_freed_with_work_in_it),
        cmocka_unit_test(the_line_is_past_when_all_before_it_is_taken),
        cmocka_unit_test(there_is_one_line_at_a_time),
        cmocka_unit_test(a_lane_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
