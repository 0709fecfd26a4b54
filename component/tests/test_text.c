#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coven/text.h"

/* Sanitizers find leaks, and frees of the constant "". */
static void test_text(void **state)
{
    (void)state;
    const char *text = "";
    text_set(&text, span_of("one"));
    assert_string_equal(text, "one");
    text_set(&text, (struct span){text + 1, 1});
    assert_string_equal(text, "n");
    text_set(&text, (struct span){NULL, 0});
    assert_string_equal(text, "");
    text_set(&text, span_of(text));
    text_free(text);
}

static void test_nul(void **state)
{
    (void)state;
    const char *text = text_new((struct span){"\0x", 2});
    assert_string_equal(text, "");
    text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
