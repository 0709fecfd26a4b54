#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coven/datetime.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define YEAR_1       INT64_C(-62135596800000)
#define YEAR_10000   INT64_C(253402300800000)

static void test_print(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {1, "1970-01-01T00:00:00.001Z"},
        {999, "1970-01-01T00:00:00.999Z"},
        {1000, "1970-01-01T00:00:01Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-1000, "1969-12-31T23:59:59Z"},
        {951782400000, "2000-02-29T00:00:00Z"},
        {1031588175000, "2002-09-09T16:16:15Z"},
        {1769903999123, "2026-01-31T23:59:59.123Z"},
        {4102444800000, "2100-01-01T00:00:00Z"},
        {YEAR_1, "0001-01-01T00:00:00Z"},
        {YEAR_10000 - 1, "9999-12-31T23:59:59.999Z"},
        {YEAR_1 - 1, "0001-01-01T00:00:00Z"},
        {YEAR_10000, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0001-01-01T00:00:00Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[DATETIME_SIZE];
        datetime_print(rows[i].ms, out);
        assert_string_equal(out, rows[i].text);
    }
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2002-09-09T16:16:15Z", 1031588175000},
        {"2026-01-31T23:59:59.123Z", 1769903999123},
        {"1970-01-01T00:00:00.5Z", 500},
        {"1970-01-01T00:00:00.05Z", 50},
        {"1970-01-01T00:00:00.123456789Z", 123},
        {"1970-01-01T00:00:00.9999999999999999999999999Z", 999},
        {"1970-01-01T01:00:00+01:00", 0},
        {"1969-12-31T14:30:00-09:30", 0},
        {"1970-01-01T00:00:00+00:00", 0},
        {"1970-01-01T00:00:00.25-00:00", 250},
        {"1970-01-01T23:59:00+23:59", 0},
        {"2000-02-29T00:00:00Z", 951782400000},
        {"0001-01-01T00:00:00Z", YEAR_1},
        {"9999-12-31T23:59:59.999Z", YEAR_10000 - 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = -7;
        assert_true(datetime_parse(span_of(rows[i].text), &ms));
        assert_int_equal(ms, rows[i].ms);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "Z",
        "now",
        "1970-01-01",
        "1970-01-01T00:00:00",
        "1970-01-01T00:00Z",
        "1970-01-01 00:00:00Z",
        "1970-01-01t00:00:00z",
        "19700101T00:00:00",
        "70-01-01T00:00:00Z",
        " 1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z ",
        "1970-01-01T00:00:00ZZ",
        "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00,5Z",
        "1970-01-01T00:00:00.5",
        "1970-01-01T00:00:00+1:00",
        "1970-01-01T00:00:00+0100",
        "1970-01-01T00:00:00+01",
        "1970-01-01T00:00:00+24:00",
        "1970-01-01T00:00:00+01:60",
        "1970-00-01T00:00:00Z",
        "1970-13-01T00:00:00Z",
        "1970-01-00T00:00:00Z",
        "1970-01-32T00:00:00Z",
        "1970-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "1970-04-31T00:00:00Z",
        "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:60Z",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "10000-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "+970-01-01T00:00:00Z",
        "1970-1 -01T00:00:00Z",
        "1970-01-01T-1:00:00Z",
        "1970-01-01T00:00:0xZ",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = -7;
        if (datetime_parse(span_of(rows[i]), &ms))
            fail_msg("accepted: %s", rows[i]);
        assert_int_equal(ms, -7);
    }
    int64_t ms;
    assert_false(datetime_parse((struct span){"1970-01-01T00:00:00Z\0", 21}, &ms));
    assert_false(datetime_parse((struct span){NULL, 0}, &ms));
}

/* About 320,000 times over all years, at intervals that are no round number. */
static void test_round_trip(void **state)
{
    (void)state;
    for (int64_t ms = YEAR_1; ms < YEAR_10000; ms += 986543217) {
        char out[DATETIME_SIZE];
        int64_t again;
        datetime_print(ms, out);
        assert_true(datetime_parse(span_of(out), &again));
        assert_int_equal(again, ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
