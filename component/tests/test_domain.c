#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coven/domain.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_of(void **state)
{
    (void)state;
    assert_true(span_is(domain_of(span_of("romeo@verona.lit")), "verona.lit"));
    assert_true(span_is(domain_of(span_of("verona.lit")), "verona.lit"));
    assert_true(span_is(domain_of(span_of("")), ""));
}

static void test_covers(void **state)
{
    (void)state;
    static const struct {
        const char *domain, *other;
        bool covers;
    } rows[] = {
        {"example.org", "example.org", true},
        {"example.org", "chat.example.org", true},
        {"example.org", "a.b.c.example.org", true},
        {"org", "chat.example.org", true},
        {"localhost", "x.localhost", true},
        {"chat.example.org", "example.org", false},
        {"example.org", "badexample.org", false},
        {"ample.org", "example.org", false},
        {"example.org", "example.org.net", false},
        {"example", "example.org", false},
        {"", "example.org", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"2.1", "192.0.2.1", false},
        {"1", "192.0.2.1", false},
        {"[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]", true},
        {"0.2.1]", "[::ffff:192.0.2.1]", false},
        {"x1", "a.x1", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (domain_covers(span_of(rows[i].domain), span_of(rows[i].other)) != rows[i].covers)
            fail_msg("%s and %s", rows[i].domain, rows[i].other);
    }
}

static void test_rise(void **state)
{
    (void)state;
    struct span domain = span_of("a.b.c");
    assert_true(domain_rise(&domain));
    assert_true(span_is(domain, "b.c"));
    assert_true(domain_rise(&domain));
    assert_false(domain_rise(&domain));
    assert_true(span_is(domain, "c"));
    domain = span_of("c.");
    assert_false(domain_rise(&domain));
    assert_true(span_is(domain, "c."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of),
        cmocka_unit_test(test_covers),
        cmocka_unit_test(test_rise),
    };
    return cmocka_run_group_tests_name("domain", tests, NULL, NULL);
}
