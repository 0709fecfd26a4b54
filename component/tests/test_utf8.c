#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coven/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_next(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int32_t code; /* -1: not UTF-8 */
        int len;
    } rows[] = {
        {"a", 'a', 1},
        {"\x01", 1, 1},
        {"\x7F", 0x7F, 1},
        {"\xC2\x80", 0x80, 2},
        {"\xDF\xBF", 0x7FF, 2},
        {"\xE0\xA0\x80", 0x800, 3},
        {"\xE2\x82\xAC", 0x20AC, 3},
        {"\xED\x9F\xBF", 0xD7FF, 3},
        {"\xEE\x80\x80", 0xE000, 3},
        {"\xEF\xBF\xBE", 0xFFFE, 3},
        {"\xF0\x90\x80\x80", 0x10000, 4},
        {"\xF0\x9F\x98\x80", 0x1F600, 4},
        {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
        {"", -1, 0},
        {"\x80", -1, 0},             /* a continuation alone */
        {"\xBF", -1, 0},             /* another */
        {"\xC2", -1, 0},             /* cut */
        {"\xC2z", -1, 0},            /* not continued */
        {"\xC0\x80", -1, 0},         /* overlong NUL */
        {"\xC1\xBF", -1, 0},         /* overlong U+007F */
        {"\xE0\x9F\xBF", -1, 0},     /* overlong U+07FF */
        {"\xE2\x82", -1, 0},         /* cut */
        {"\xE2\x82z", -1, 0},        /* not continued */
        {"\xED\xA0\x80", -1, 0},     /* the first surrogate */
        {"\xED\xBF\xBF", -1, 0},     /* the last */
        {"\xF0\x8F\xBF\xBF", -1, 0}, /* overlong U+FFFF */
        {"\xF0\x9F\x98", -1, 0},     /* cut */
        {"\xF0\x9F\x98z", -1, 0},    /* not continued */
        {"\xF4\x90\x80\x80", -1, 0}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", -1, 0}, /* far above */
        {"\xFE", -1, 0},
        {"\xFF", -1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *at = rows[i].bytes;
        assert_int_equal(utf8_next(&at, at + strlen(at)), rows[i].code);
        assert_int_equal(at - rows[i].bytes, rows[i].len);
    }
}

/* Reads back every code point, as encoded by this test. */
static void test_every_code_point(void **state)
{
    (void)state;
    for (int32_t code = 0x80; code <= 0x10FFFF; code++) {
        char bytes[4];
        int len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        for (int i = len - 1, rest = code; i >= 0; i--, rest >>= 6)
            bytes[i] = (char)(0x80 | (rest & 0x3F));
        static const int lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
        bytes[0] = (char)(lead[len] | code >> (6 * (len - 1)));
        const char *at = bytes;
        bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
        assert_int_equal(utf8_next(&at, bytes + len), is_surrogate ? -1 : code);
    }
}

static void test_is_xml(void **state)
{
    (void)state;
    static const struct {
        struct span text;
        bool is_xml;
    } rows[] = {
        {{"", 0}, true},
        {{NULL, 0}, true},
        {{"plain", 5}, true},
        {{"\t\r\n", 3}, true},
        {{"\x7F", 1}, true},
        {{"\xF0\x9F\x98\x80", 4}, true},
        {{"\xEF\xBF\xBD", 3}, true},
        {{"a\0b", 3}, false},
        {{"\x08", 1}, false},
        {{"\x1F", 1}, false},
        {{"\xEF\xBF\xBE", 3}, false},
        {{"\xEF\xBF\xBF", 3}, false},
        {{"\xED\xA0\x80", 3}, false},
        {{"ok\xFF", 3}, false},
        {{"\xC0\xBC", 2}, false},
        {{"\xF0\x9F\x98", 3}, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(utf8_is_xml(rows[i].text), rows[i].is_xml);
}

/* Cutting at any byte keeps characters whole, and no shorter than needed. */
static void test_cut(void **state)
{
    (void)state;
    struct span text = span_of("aé€😀z😀€éa");
    for (size_t max = 0; max <= text.len + 3; max++) {
        size_t len = utf8_cut(text, max);
        assert_true(len <= max && len <= text.len);
        assert_true(max - len < 4 || len == text.len);
        assert_true(utf8_is_xml((struct span){text.at, len}));
        if (len < text.len) {
            const char *next = text.at + len;
            assert_true(utf8_next(&next, text.at + text.len) > 0);
            assert_true((size_t)(next - text.at) > max);
        }
    }
}

static void test_count(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
    } rows[] = {{"", 0}, {"abc", 3}, {"é", 1}, {"€uro", 4}, {"😀😀", 2}, {"aé€😀", 4}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(utf8_count(span_of(rows[i].text)), rows[i].count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next),   cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_is_xml), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
