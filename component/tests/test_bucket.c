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
    assert_true(bucket_is_full(&bucket, 0, 0));
}

static void full_again(void **state)
{
    (void)state;
    struct bucket bucket = {0};
    assert_true(bucket_take(&bucket, 10, 3, 50));
    assert_false(bucket_is_full(&bucket, 10, 149));
    assert_true(bucket_is_full(&bucket, 10, 151));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_the_rate),
        cmocka_unit_test(no_rate_is_no_limit),
        cmocka_unit_test(full_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
