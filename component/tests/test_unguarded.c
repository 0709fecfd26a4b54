/* Linked without the guard: the self-test must say so. */

#include "coven/link.h"
#include "unit.h"

static void test_self_test_misses_the_guard(void **state)
{
    (void)state;
    const char *why = NULL;
    assert_false(link_self_test(&why));
    assert_string_equal(why, "the guard before libstrophe's parser is missing: senders could be "
                             "forged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_self_test_misses_the_guard)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
