#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coven/bucket.h"

static unsigned take_all(struct bucket *bucket, unsigned rate, unsigned burst, int64_t now_ms)
{
    unsigned taken = 0;
    while (taken < 1000 && bucket_take(bucket, rate, burst, now_ms))
        taken++;
    return taken;
}

static void a_burst_then_the_rate(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    static const struct {
        int64_t now_ms;
        unsigned taken;
    } rows[] = {{1000, 20}, {1000, 0}, {1199, 0}, {1200, 1}, {2200, 5}, {2400, 1}, {100000, 20}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(take_all(&bucket, 5, 20, rows[i].now_ms), rows[i].taken);
}

static void no_rate_is_no_limit(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    assert_int_equal(take_all(&bucket, 0, 1, 0), 1000);
    assert_true(bucket_missing(&bucket, 0, 0) == 0);
}

static void what_is_missing_comes_back(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    bucket_spend(&bucket, 10, 7, 50); /* more than the bucket has */
    assert_int_equal(bucket_missing(&bucket, 10, 50), 7);
    assert_false(bucket_has(&bucket, 10, 3, 549));
    assert_true(bucket_has(&bucket, 10, 3, 550));
    assert_int_equal(bucket_missing(&bucket, 10, 749), 0);
    assert_int_equal(bucket_missing(&bucket, 10, 10000), 0);
}

/* Tokens spent after a long pause are missing, too. */
static void what_is_spent_late_is_missing(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    bucket_spend(&bucket, 10, 100, 5000);
    assert_int_equal(bucket_missing(&bucket, 10, 5000), 100);
    assert_int_equal(bucket_missing(&bucket, 10, 6000), 90);
}

/* The next token comes when less is missing than the bucket holds. */
static void a_token_is_waited_for(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    assert_int_equal(bucket_wait(&bucket, 2, 3, 0), 0);
    bucket_spend(&bucket, 2, 3, 0);
    assert_int_equal(bucket_wait(&bucket, 2, 3, 0), 500);
    assert_int_equal(bucket_wait(&bucket, 2, 3, 499), 1);
    assert_int_equal(bucket_wait(&bucket, 2, 3, 500), 0);
    bucket_spend(&bucket, 2, 5, 500);
    assert_int_equal(bucket_wait(&bucket, 2, 3, 500), 2500);
}

/* bucket_missing() changes nothing, at any rate. */
static void a_look_changes_nothing(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    bucket_spend(&bucket, 10, 10, 0);
    assert_int_equal(bucket_missing(&bucket, 1, 500), 9);
    assert_int_equal(bucket_missing(&bucket, 10, 1000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_the_rate),
        cmocka_unit_test(no_rate_is_no_limit),
        cmocka_unit_test(what_is_missing_comes_back),
        cmocka_unit_test(what_is_spent_late_is_missing),
        cmocka_unit_test(a_token_is_waited_for),
        cmocka_unit_test(a_look_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
