#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/variables.h"

static struct variables *some_variables(void)
{
    struct variables *variables = variables_new();
    variables_set(variables, "Romeo's JID", "user@localhost");
    variables_set(variables, "Romeo's full JID", "user@localhost/old");
    variables_set(variables, "Romeo's full JID", "user@localhost/a'b&c");
    variables_set(variables, "id", "");
    return variables;
}

static void puts_values_in(void **state)
{
    (void)state;
    static const struct {
        const char *text, *result;
    } cases[] = {
        {"", ""},
        {"plain $ { } text", "plain $ { } text"},
        {"${Romeo's JID}", "user@localhost"},
        {"<${Romeo's JID}|${Romeo's JID}>", "<user@localhost|user@localhost>"},
        {"${Romeo's full JID}", "user@localhost/a&apos;b&amp;c"},
        {"[${id}]", "[]"},
        {"${not closed", "${not closed"},
        {"a\n${id}b", "a\nb"},
    };
    struct variables *variables = some_variables();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = BUF_INIT;
        struct span unknown;
        assert_true(variables_expand(variables, span_of(cases[i].text), &out, &unknown));
        assert_string_equal(out.data ? out.data : "", cases[i].result);
        buf_free(&out);
    }
    variables_free(variables);
}

static void names_what_is_unknown(void **state)
{
    (void)state;
    static const char text[] = "${id} ${Juliet's JID} ${other}";
    struct variables *variables = some_variables();
    struct buf out = BUF_INIT;
    struct span unknown = {NULL, 0};
    assert_false(variables_expand(variables, span_of(text), &out, &unknown));
    assert_true(span_is(unknown, "Juliet's JID"));
    assert_ptr_equal(unknown.at, text + 8);
    buf_free(&out);
    variables_free(variables);
}

static void keeps_the_latest(void **state)
{
    (void)state;
    struct variables *variables = some_variables();
    assert_string_equal(variables_get(variables, span_of("Romeo's full JID")),
                        "user@localhost/a'b&c");
    assert_null(variables_get(variables, span_of("Romeo")));
    variables_free(variables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_values_in),
        cmocka_unit_test(names_what_is_unknown),
        cmocka_unit_test(keeps_the_latest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
