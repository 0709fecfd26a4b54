/* The stamps of keys, which only rise, under a clock that jumps. */

#include "coven/eras.h"
#include "unit.h"

#define DAY INT64_C(86400000)

/* The clock showed day 100 for a moment, then day 10 again, then 1970, then day 11. */
static struct eras make_eras(void)
{
    struct eras eras = eras_begin(key_at(111 * DAY));
    eras_add(&eras, (struct era){key_at(100 * DAY) + 1, 90 * DAY});
    eras_add(&eras, (struct era){key_at(101 * DAY) + 1, 101 * DAY});
    eras_add(&eras, (struct era){key_at(102 * DAY) + 1, 91 * DAY});
    return eras;
}

static void keys_cover_all_times(void **state)
{
    (void)state;
    assert_int_equal(key_at(-1), 0);
    assert_int_equal(key_at(1), 65536);
    assert_int_equal(key_time(key_at(1234567)), 1234567);
    assert_true(key_at(INT64_MAX) > 0);
    assert_true(key_at(INT64_MIN) == 0);
}

static void stamps_are_without_the_offset(void **state)
{
    (void)state;
    struct eras eras = make_eras();
    assert_int_equal(eras_stamp(&eras, 0), 0);
    assert_int_equal(eras_stamp(&eras, key_at(10 * DAY) + 7), 10 * DAY);
    assert_int_equal(eras_stamp(&eras, key_at(100 * DAY)), 100 * DAY);
    assert_int_equal(eras_stamp(&eras, key_at(100 * DAY) + 1), 10 * DAY);
    assert_int_equal(eras_stamp(&eras, key_at(101 * DAY) + 1), 0);
    assert_int_equal(eras_stamp(&eras, key_at(103 * DAY)), 12 * DAY);
}

static void a_single_era_is_a_single_range(void **state)
{
    (void)state;
    struct key_range ranges[ERAS_MAX];
    struct eras eras = eras_begin(key_at(20));
    assert_int_equal(eras_ranges(&eras, INT64_MIN, INT64_MAX, ranges), 1);
    assert_int_equal(ranges[0].after, -1);
    assert_int_equal(ranges[0].before, key_at(20) + 1);
    assert_int_equal(eras_ranges(&eras, 5, 7, ranges), 1);
    assert_int_equal(ranges[0].after, key_at(5) - 1);
    assert_int_equal(ranges[0].before, key_at(8));
    assert_int_equal(eras_ranges(&eras, 21, INT64_MAX, ranges), 0);
    assert_int_equal(eras_ranges(&eras, 7, 5, ranges), 0);
    assert_int_equal(eras_ranges(&eras, INT64_MIN, -1, ranges), 0);
    assert_int_equal(eras_ranges(&eras, INT64_MAX, INT64_MAX, ranges), 0);
}

static void all_times_are_one_range(void **state)
{
    (void)state;
    struct key_range ranges[ERAS_MAX];
    struct eras eras = make_eras();
    assert_int_equal(eras_ranges(&eras, 0, INT64_MAX, ranges), 1);
    assert_int_equal(ranges[0].before, eras.last_key + 1);
}

static int64_t random_below(int64_t end)
{
    return ((int64_t)random() << 31 | random()) % end;
}

/* After any jumps of the clock, the ranges have exactly the keys with the wanted stamps. */
static void ranges_have_all_such_keys(void **state)
{
    (void)state;
    srandom(1);
    for (int round = 0; round < 2000; round++) {
        struct eras eras = eras_begin(0);
        struct key_range ranges[ERAS_MAX];
        while (eras.count < ERAS_MAX && random() % 8 != 0) {
            int64_t from = key_at(eras.count * 1000 + random_below(1000)) + random_below(9);
            eras_add(&eras, (struct era){from, random_below(key_time(from) + 1)});
        }
        eras.last_key = key_at(eras.count * 1000 + 500);
        int64_t first = random_below(6000) - 500, last = first + random_below(3000);
        unsigned count = eras_ranges(&eras, first, last, ranges);
        for (int i = 0; i < 200; i++) {
            int64_t key = random_below(eras.last_key + 1), stamp = eras_stamp(&eras, key);
            unsigned in = 0;
            for (unsigned k = 0; k < count; k++)
                in += key > ranges[k].after && key < ranges[k].before;
            assert_int_equal(in, stamp >= first && stamp <= last);
        }
    }
}

static void nothing_was_sent_in_the_future(void **state)
{
    (void)state;
    struct eras eras = make_eras();
    assert_int_equal(eras_guess(&eras, key_at(9 * DAY), 50 * DAY), 9 * DAY);
    assert_int_equal(eras_guess(&eras, key_at(99 * DAY), 50 * DAY), 10 * DAY);
    assert_int_equal(eras_guess(&eras, key_at(100 * DAY + 1), 50 * DAY), 10 * DAY + 1);
    assert_int_equal(eras_guess(&eras, key_at(101 * DAY + 1), 50 * DAY), 11 * DAY);
    assert_int_equal(eras_guess(&eras, key_at(110 * DAY), 15 * DAY), 15 * DAY);
}

/* The era whose removal changes stamps least is merged: a short one, or one with a small offset. */
static void the_least_of_the_eras_goes(void **state)
{
    (void)state;
    struct eras eras = eras_begin(0);
    int64_t key = key_at(1000 * DAY), gone = 0;
    eras_add(&eras, (struct era){key, 400 * DAY});
    for (int i = 0; i < 1000; i++) {
        key += key_at(i == 500 ? 100 * DAY : 10000);
        int64_t ended = eras_add(&eras, (struct era){key, 400 * DAY + i % 5 * 3000});
        assert_true(eras.count <= ERAS_MAX);
        assert_true(ended == 0 || eras_stamp(&eras, ended) != 0);
        gone += ended > 0;
    }
    assert_int_equal(gone, 1002 - ERAS_MAX);
    for (unsigned i = 1; i < eras.count; i++)
        assert_true(eras.list[i].from > eras.list[i - 1].from);
    assert_int_equal(eras.list[0].from, 0);
    assert_int_equal(eras_stamp(&eras, key_at(1000 * DAY - 1)), 1000 * DAY - 1);
    assert_int_equal(eras_stamp(&eras, key_at(1000 * DAY)), 600 * DAY);
    int64_t then = key_at(1050 * DAY), stamp = eras_stamp(&eras, then) - 650 * DAY;
    assert_true(stamp <= 0 && stamp >= -12000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_cover_all_times),
        cmocka_unit_test(stamps_are_without_the_offset),
        cmocka_unit_test(a_single_era_is_a_single_range),
        cmocka_unit_test(all_times_are_one_range),
        cmocka_unit_test(ranges_have_all_such_keys),
        cmocka_unit_test(nothing_was_sent_in_the_future),
        cmocka_unit_test(the_least_of_the_eras_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
