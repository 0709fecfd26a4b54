#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coven/buf.h"

static void assert_holds(const struct buf *buf, const char *text)
{
    assert_non_null(buf->data);
    assert_int_equal(buf->len, strlen(text));
    assert_true(buf->cap > buf->len);
    assert_string_equal(buf->data, text);
}

static void test_adding(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT;
    assert_int_equal(buf_span(&buf).len, 0);
    buf_add(&buf, NULL, 0);
    assert_holds(&buf, "");
    buf_add(&buf, "abc", 2);
    assert_holds(&buf, "ab");
    buf_add_text(&buf, "cd");
    buf_add_char(&buf, 'e');
    buf_add_span(&buf, (struct span){"fgh", 2});
    assert_holds(&buf, "abcdefg");
    buf_printf(&buf, "-%d-%s-", 42, "x");
    assert_holds(&buf, "abcdefg-42-x-");
    assert_true(span_is(buf_span(&buf), "abcdefg-42-x-"));
    buf_free(&buf);
    assert_null(buf.data);
}

static void test_taking_away(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT;
    buf_consume(&buf, 0);
    buf_cut(&buf, 0);
    buf_clear(&buf);
    buf_add_text(&buf, "0123456789");
    buf_consume(&buf, 3);
    assert_holds(&buf, "3456789");
    buf_cut(&buf, 4);
    assert_holds(&buf, "3456");
    buf_consume(&buf, 4);
    assert_holds(&buf, "");
    buf_add_text(&buf, "again");
    buf_clear(&buf);
    assert_holds(&buf, "");
    buf_free(&buf);
}

static void test_take(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT;
    char *nothing = buf_take(&buf);
    assert_string_equal(nothing, "");
    assert_null(buf.data);
    buf_add_text(&buf, "mine now");
    char *text = buf_take(&buf);
    assert_string_equal(text, "mine now");
    assert_null(buf.data);
    assert_int_equal(buf.len, 0);
    free(nothing);
    free(text);
}

/* Every length across several reallocations. */
static void test_growth(void **state)
{
    (void)state;
    static char expected[5000];
    memset(expected, 'x', sizeof expected);
    struct buf buf = BUF_INIT;
    for (size_t len = 1; len < sizeof expected; len++) {
        buf_add_char(&buf, 'x');
        assert_int_equal(buf.len, len);
        assert_int_equal(buf.data[len], '\0');
    }
    assert_memory_equal(buf.data, expected, buf.len);
    memset(buf_reserve(&buf, 100000), 'y', 100000);
    assert_true(buf.cap > buf.len + 100000);
    buf_free(&buf);
}

static void test_bytes_with_nul(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT;
    buf_add(&buf, "a\0b", 3);
    assert_int_equal(buf.len, 3);
    assert_memory_equal(buf.data, "a\0b", 4);
    buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adding),         cmocka_unit_test(test_taking_away),
        cmocka_unit_test(test_take),           cmocka_unit_test(test_growth),
        cmocka_unit_test(test_bytes_with_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
