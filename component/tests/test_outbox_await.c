/* Awaited jobs: which lane goes first, and for how long. */
#include "test_outbox_fixture.h"

#define STANZA 1000

/* Stages a stanza that begins with that letter. */
static void stage(struct outbox *outbox, const char *lane, char letter)
{
    char text[STANZA + 1];
    memset(text, letter, STANZA);
    text[STANZA] = '\0';
    send_text(outbox, lane, text);
}

static void stage_many(struct outbox *outbox, const char *lane, char letter, int count)
{
    for (int i = 0; i < count; i++)
        stage(outbox, lane, letter);
}

static void stage_awaited(struct outbox *outbox, const char *lane, char letter, int count)
{
    outbox_await(outbox, OUTBOX_AWAITED);
    stage_many(outbox, lane, letter, count);
    outbox_await(outbox, OUTBOX_NOT_AWAITED);
}

/* Ten lanes with more than a slice holds. Each fills a tenth of it. */
static struct outbox *busy(void)
{
    struct outbox *outbox = fixture_outbox();
    char lane[2] = "0";
    for (; lane[0] <= '9'; lane[0]++)
        stage_many(outbox, lane, lane[0], 50);
    outbox_commit(outbox);
    return outbox;
}

static size_t count(const char *slice, char letter)
{
    size_t count = 0;
    for (; *slice; slice += STANZA)
        count += *slice == letter;
    return count;
}

static size_t count_next(struct outbox *outbox, char letter)
{
    char *slice = take(outbox, SLICE);
    size_t found = count(slice, letter);
    free(slice);
    return found;
}

static void end(struct outbox *outbox)
{
    while (outbox_has_work(outbox))
        free(take(outbox, SLICE));
    assert_int_equal(outbox_queued(outbox), 0);
    outbox_free(outbox);
}

static void what_nobody_awaits_has_its_turn(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    stage_many(outbox, "late", 'x', 40);
    outbox_commit(outbox);
    assert_in_range(count_next(outbox, 'x'), 4, 8);
    end(outbox);
}

static void what_is_awaited_goes_first(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    stage_awaited(outbox, "late", 'x', 40);
    outbox_commit(outbox);
    assert_in_range(count_next(outbox, 'x'), 38, 40);
    end(outbox);
}

/* The part does not depend on the number of lanes where something is awaited. */
static void the_others_have_their_part(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    size_t others = 0, slices = 5;
    stage_awaited(outbox, "late", 'x', 200);
    stage_awaited(outbox, "later", 'x', 200);
    outbox_commit(outbox);
    for (size_t i = 0; i < slices; i++)
        others += SLICE / STANZA - count_next(outbox, 'x');
    assert_in_range(others, slices * 19, slices * 24);
    end(outbox);
}

/* A lane with endless answers gains next to nothing until all is sent, even if for a moment nothing
 * is awaited. */
static void a_flood_is_not_favoured(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    struct lane *late = outbox_lane(outbox, span_of("late")); /* the room lives on */
    size_t first = 0;
    stage_awaited(outbox, "late", 'x', 300);
    stage_many(outbox, "late", 'y', 100);
    outbox_commit(outbox);
    for (int i = 0; i < 7; i++)
        first += count_next(outbox, 'x');
    assert_in_range(first, 256, 299);
    while (first < 300)
        first += count_next(outbox, 'x');
    stage_awaited(outbox, "late", 'z', 20);
    outbox_commit(outbox);
    assert_in_range(count_next(outbox, 'y'), 4, 12);
    while (outbox_has_work(outbox))
        free(take(outbox, SLICE));
    stage_many(outbox, "other", 'o', 50);
    stage_many(outbox, "another", 'o', 50);
    stage_awaited(outbox, "late", 'x', 40);
    outbox_commit(outbox);
    assert_in_range(count_next(outbox, 'x'), 38, 40);
    lane_unref(late);
    end(outbox);
}

/* The jobs before it in the lane leave with it, in the same order. */
static void it_overtakes_nothing_in_its_lane(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    stage_many(outbox, "late", 'w', 10);
    outbox_commit(outbox);
    stage_awaited(outbox, "late", 'x', 10);
    stage_many(outbox, "late", 'y', 10);
    outbox_commit(outbox);
    char *slice = take(outbox, SLICE);
    assert_int_equal(count(slice, 'w'), 10);
    assert_int_equal(count(slice, 'x'), 10);
    assert_true(strchr(slice, 'x') > strrchr(slice, 'w'));
    free(slice);
    end(outbox);
}

/* Once the awaited job is taken, its lane has no preference. */
static void nothing_is_left_of_it(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    stage_awaited(outbox, "late", 'x', 1);
    stage_many(outbox, "late", 'y', 40);
    outbox_commit(outbox);
    char *slice = take(outbox, SLICE);
    assert_int_equal(count(slice, 'x'), 1);
    assert_in_range(count(slice, 'y'), 5, 16);
    free(slice);
    assert_in_range(count_next(outbox, 'y'), 4, 8);
    end(outbox);
}

static void what_was_dropped_is_not_awaited(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    stage_many(outbox, "late", 'y', 40);
    outbox_commit(outbox);
    stage_awaited(outbox, "late", 'x', 1);
    outbox_drop(outbox);
    assert_in_range(count_next(outbox, 'y'), 4, 8);
    end(outbox);
}

/* Slices may be smaller than a lane's share. */
static void small_slices_have_the_same_parts(void **state)
{
    (void)state;
    struct outbox *outbox = busy();
    size_t awaited = 0;
    stage_awaited(outbox, "late", 'x', 100);
    outbox_commit(outbox);
    for (int i = 0; i < 30; i++) {
        char *slice = take(outbox, STANZA);
        awaited += *slice == 'x';
        free(slice);
    }
    assert_in_range(awaited, 18, 22);
    end(outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_awaits_has_its_turn),
        cmocka_unit_test(what_is_awaited_goes_first),
        cmocka_unit_test(the_others_have_their_part),
        cmocka_unit_test(a_flood_is_not_favoured),
        cmocka_unit_test(it_overtakes_nothing_in_its_lane),
        cmocka_unit_test(nothing_is_left_of_it),
        cmocka_unit_test(what_was_dropped_is_not_awaited),
        cmocka_unit_test(small_slices_have_the_same_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
