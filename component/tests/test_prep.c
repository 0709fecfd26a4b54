/* The profiles of stringprep for the parts of a JID. */
#include <time.h>

#include "coven/prep.h"
#include "unit.h"

#define SOFT_HYPHEN   "\xC2\xAD" /* mapped to nothing by every profile, and not ASCII */
#define LONGEST_INPUT (3 * (PREP_SIZE - 1))

typedef size_t prepare(struct span in, char *out);

static prepare *const parts[] = {prep_node, prep_domain, prep_resource};

static size_t code_write(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint32_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[len] | code);
    return len;
}

/* A soft hyphen sends a part through ICU instead of the ASCII shortcut; the result is the same. */
static void assert_both_ways_agree(prepare *prepare_part, const char *text, size_t len)
{
    char longer[8] = SOFT_HYPHEN, quick[PREP_SIZE] = "", slow[PREP_SIZE] = "";
    memcpy(longer + 2, text, len);
    size_t quick_len = prepare_part((struct span){text, len}, quick);
    size_t slow_len = prepare_part((struct span){longer, len + 2}, slow);
    assert_int_equal(quick_len, slow_len);
    if (quick_len > 0)
        assert_memory_equal(quick, slow, quick_len + 1);
}

static void test_ascii_is_what_icu_says(void **state)
{
    (void)state;
    for (size_t part = 0; part < COUNT(parts); part++) {
        for (int i = 0; i < 128 * 128; i++) {
            const char text[] = {(char)(i / 128), (char)(i % 128), 'z'};
            assert_both_ways_agree(parts[part], text, 1);
            assert_both_ways_agree(parts[part], text, 2);
            assert_both_ways_agree(parts[part], text, 3);
        }
    }
}

/* Preparing a prepared part changes nothing. */
static void assert_is_stable(prepare *prepare_part, const char *text, size_t len)
{
    char once[PREP_SIZE], twice[PREP_SIZE];
    size_t once_len = prepare_part((struct span){text, len}, once);
    if (once_len == 0)
        return;
    size_t twice_len = prepare_part((struct span){once, once_len}, twice);
    if (twice_len != once_len || memcmp(once, twice, once_len) != 0)
        fail_msg("'%.*s' becomes '%s' and then '%s'", (int)len, text, once, twice);
    assert_int_equal(once[once_len], '\0');
}

static void test_every_code_point_is_stable(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char text[5] = "a";
        size_t len = code_write(code, text + 1);
        for (size_t part = 0; part < COUNT(parts); part++) {
            assert_is_stable(parts[part], text + 1, len);
            assert_is_stable(parts[part], text, len + 1);
        }
        if (code == 0x3FFFF)
            code = 0xDFFFF; /* the planes between are empty */
    }
}

static void test_lengths(void **state)
{
    (void)state;
    static char text[LONGEST_INPUT + 2];
    char out[PREP_SIZE];
    memset(text, 'a', sizeof text);
    for (size_t part = 0; part < COUNT(parts); part++) {
        assert_int_equal(parts[part]((struct span){text, 1023}, out), 1023);
        assert_int_equal(strlen(out), 1023);
        assert_int_equal(parts[part]((struct span){text, 1024}, out), 0);
        assert_int_equal(parts[part]((struct span){text, sizeof text}, out), 0);
        assert_int_equal(parts[part]((struct span){text, 0}, out), 0);
        assert_int_equal(parts[part]((struct span){NULL, 0}, out), 0);
    }
    for (size_t i = 1; i + 1 < sizeof text; i += 2)
        memcpy(text + i, SOFT_HYPHEN, 2);
    for (size_t part = 0; part < COUNT(parts); part++) {
        assert_int_equal(parts[part]((struct span){text, LONGEST_INPUT}, out), 1);
        assert_int_equal(parts[part]((struct span){text + 1, LONGEST_INPUT - 1}, out), 0);
        assert_int_equal(parts[part]((struct span){text, LONGEST_INPUT + 2}, out), 0);
    }
}

/* Characters of two, three and four bytes around the limit; one of them becomes 18 others. */
static void test_lengths_beyond_ascii(void **state)
{
    (void)state;
    static const struct {
        const char *character;
        size_t times;
        size_t len;
    } rows[] = {
        {"é", 511, 1022},   {"é", 512, 0},   {"€", 341, 1023},           {"€", 342, 0},
        {"😀", 255, 1020},   {"😀", 256, 0},   {"\xEF\xB7\xBA", 31, 1023}, {"\xEF\xB7\xBA", 32, 0},
        {"ａ", 1023, 1023}, {"ａ", 1024, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static char text[4 * PREP_SIZE];
        char out[PREP_SIZE];
        size_t len = strlen(rows[i].character);
        for (size_t j = 0; j < rows[i].times; j++)
            memcpy(text + j * len, rows[i].character, len);
        assert_int_equal(prep_resource((struct span){text, len * rows[i].times}, out), rows[i].len);
    }
}

/* Putting many combining marks into order is the most work that can be asked for. */
static void test_cost_is_bounded(void **state)
{
    (void)state;
    static char text[LONGEST_INPUT];
    char out[PREP_SIZE];
    text[0] = 'a';
    for (size_t i = 1; i + 1 < sizeof text; i += 2)
        memcpy(text + i, i % 4 == 1 ? "\xCC\x81" : "\xCC\xA3", 2);
    clock_t begin = clock();
    for (int i = 0; i < 10; i++)
        assert_int_equal(prep_resource((struct span){text, sizeof text}, out), 0);
    assert_true(clock() - begin < CLOCKS_PER_SEC);
}

static void test_node(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* NULL: refused */
    } rows[] = {
        {"romeo", "romeo"},
        {"Romeo", "romeo"},
        {"ROMÉO", "roméo"},
        {"Straße", "strasse"},
        {"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
        {"ｒｏｍｅｏ", "romeo"},
        {"ro" SOFT_HYPHEN "meo", "romeo"},
        {"😀", "😀"},
        {"henryⅳ", "henryiv"},
        {"a\\20b", "a\\20b"},
        {"a b", NULL},
        {"a&b", NULL},
        {"a／b", NULL}, /* full-width forms of what is forbidden */
        {"a＠b", NULL},
        {"＆", NULL},
        {"℀", NULL},        /* becomes "a/c" */
        {"\xC2\xA8", NULL}, /* becomes a space and a mark */
        {SOFT_HYPHEN, NULL},
        {"אa", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[PREP_SIZE];
        size_t len = prep_node(span_of(rows[i].in), out);
        assert_int_equal(len, rows[i].out ? strlen(rows[i].out) : 0);
        if (rows[i].out)
            assert_string_equal(out, rows[i].out);
    }
}

static void test_domain(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* NULL: refused */
    } rows[] = {
        {"example.com", "example.com"},
        {"EXAMPLE.Com", "example.com"},
        {"example.com.", "example.com"},
        {"localhost", "localhost"},
        {"my_container", "my_container"},
        {"a-b.c--d", "a-b.c--d"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"XN--BCHER-KVA.example", "xn--bcher-kva.example"},
        {"Bücher.Example", "bücher.example"},
        {"faß.de", "fass.de"},
        {"ｅｘａｍｐｌｅ．com", "example.com"},
        {"192.0.2.1", "192.0.2.1"},
        {"[::1]", "[::1]"},
        {"[2001:DB8::A]", "[2001:db8::a]"},
        {"[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"},
        {"[::FFFF:192.0.2.1]", "[::ffff:192.0.2.1]"},
        {"", NULL},
        {".", NULL},
        {"..", NULL},
        {".com", NULL},
        {"a..b", NULL},
        {"a.b..", NULL},
        {"a．", NULL},
        {"-a.b", NULL},
        {"a-.b", NULL},
        {"a.-b", NULL},
        {"a.b-", NULL},
        {"-", NULL},
        {"a b", NULL},
        {"a／b", NULL},
        {"a:5222", NULL},
        {"::1", NULL},
        {"[", NULL},
        {"[]", NULL},
        {"[::1", NULL},
        {"[::1]x", NULL},
        {"[::1].", NULL},
        {"[::1%lo]", NULL},
        {"[::12345]", NULL},
        {"[192.0.2.1]", NULL},
        {"[v1.x]", NULL},
        {"[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb]", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[PREP_SIZE];
        size_t len = prep_domain(span_of(rows[i].in), out);
        if (len != (rows[i].out ? strlen(rows[i].out) : 0))
            fail_msg("%s: %zu", rows[i].in, len);
        if (rows[i].out)
            assert_string_equal(out, rows[i].out);
    }
    char out[PREP_SIZE];
    assert_int_equal(prep_domain((struct span){"[::1\0]", 6}, out), 0);
}

/* Two people want these nicknames: is it one nickname or two? */
static void test_nick_pairs(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool same;
    } rows[] = {
        {"alice", "alice", true},
        /* what nobody sees is taken out */
        {"alice", "al\u00ADice", true},
        {"alice", "al\u034Fice", true},
        {"alice", "al\u1806ice", true},
        {"alice", "al\u180Bice", true},
        {"alice", "al\u200Bice", true},
        {"alice", "al\u200Cice", true},
        {"alice", "al\u200Dice", true},
        {"alice", "al\u2060ice", true},
        {"alice", "alice\uFE0F", true},
        {"alice", "\uFEFFalice", true},
        /* width */
        {"alice", "ａｌｉｃｅ", true},
        {"alice", "ａlice", true},
        {"ALICE", "ＡＬＩＣＥ", true},
        {"カナ", "ｶﾅ", true},
        {"ガ", "ｶﾞ", true},
        {"a b", "a\u00A0b", true},
        {"a b", "a\u2003b", true},
        {"a b", "a\u3000b", true},
        /* compatibility forms */
        {"fin", "ﬁn", true},
        {"1", "①", true},
        {"2", "²", true},
        {"VIII", "Ⅷ", true},
        {"H", "ℌ", true},
        {"TM", "™", true},
        {"1⁄2", "½", true},
        {"...", "…", true},
        {"kg", "㎏", true},
        {"ij", "ĳ", true},
        {"s", "ſ", true},
        {"μ", "\u00B5", true},
        {"Ω", "\u2126", true},
        {"K", "\u212A", true},
        {"alice", "𝐚lice", true},
        {"\u2010", "\u2011", true},
        /* composition */
        {"é", "e\u0301", true},
        {"Å", "A\u030A", true},
        {"Å", "\u212B", true},
        {"ñ", "n\u0303", true},
        {"한", "\u1112\u1161\u11AB", true},
        {"q\u0323\u0307", "q\u0307\u0323", true},
        {"ệ", "ê\u0323", true},
        /* two nicknames, however much alike they look */
        {"alice", "Alice", false},
        {"alice", "ALICE", false},
        {"alice", "alice ", false},
        {"alice", " alice", false},
        {"a b", "a  b", false},
        {"alice", "\u0430lice", false}, /* Cyrillic */
        {"alice", "\u03B1lice", false}, /* Greek */
        {"Ivan", "lvan", false},
        {"bob", "b0b", false},
        {"mario", "rnario", false},
        {"alice", "alicé", false},
        {"alice", "alıce", false},
        {"I", "İ", false},
        {"strasse", "straße", false},
        {"bjorn", "bjørn", false},
        {"ae", "æ", false},
        {"λ", "Λ", false},
        {"o'brien", "o’brien", false},
        {"a-b", "a\u2010b", false},
        {"vv", "w", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char one[PREP_SIZE], other[PREP_SIZE];
        size_t one_len = prep_nick(span_of(rows[i].one), one);
        size_t other_len = prep_nick(span_of(rows[i].other), other);
        if (one_len == 0 || other_len == 0)
            fail_msg("'%s' or '%s' was refused", rows[i].one, rows[i].other);
        if ((strcmp(one, other) == 0) != rows[i].same)
            fail_msg("'%s' and '%s': %s and %s", rows[i].one, rows[i].other, one, other);
    }
}

static void test_nicks_refused(void **state)
{
    (void)state;
    static const struct span rows[] = {
#define ROW(text) {text, sizeof text - 1}
        /* blank or invisible */
        ROW(""),
        ROW(" "),
        ROW("    "),
        ROW("\u00A0"),
        ROW("\u3000 \u2003"),
        ROW("\u00AD"),
        ROW("\u200B"),
        ROW(" \u200B\u200D "),
        ROW("\u2060\uFEFF"),
        ROW("\uFE0F"),
        ROW("\u034F"),
        ROW("\u115F"),
        ROW("\u1160"),
        ROW("\u3164"),
        ROW("\uFFA0"),
        ROW(" \u1160 "),
        ROW("\u17B4"),
        ROW("\u2800"),
        ROW(" \u2800\u2800"),
        /* the direction of writing */
        ROW("\u202Aalice"),
        ROW("\u202Balice"),
        ROW("alice\u202C"),
        ROW("\u202Dalice"),
        ROW("\u202Ealice"),
        ROW("al\u202Eice"),
        ROW("\u2066alice"),
        ROW("\u2067alice"),
        ROW("\u2068alice"),
        ROW("alice\u2069"),
        ROW("alice\u200E"),
        ROW("alice\u200F"),
        ROW("alice\u061C"),
        ROW("alice\u206A"),
        ROW("אalice"),
        ROW("א1"),
        /* controls and what is no character */
        ROW("\t"),
        ROW("al\nice"),
        ROW("al\0ice"),
        ROW("\x1B[31malice"),
        ROW("alice\x7F"),
        ROW("alice\xC2\x85"),
        ROW("alice\u2028"),
        ROW("alice\u1680"),
        ROW("alice\u180E"),
        ROW("alice\u2061"),
        ROW("alice\uE000"),
        ROW("alice\uFFF9"),
        ROW("alice\uFFFC"),
        ROW("alice\uFFFD"),
        ROW("alice\uFFFE"),
        ROW("alice\uFDD0"),
        ROW("alice\U000E0041"),
        ROW("alice\U0010FFFD"),
        /* not known to Unicode 3.2 */
        ROW("😀"),
        ROW("alice😀"),
        ROW("\u1E9E"),
        ROW("\u0221"),
        /* not UTF-8 */
        ROW("alice\xFF"),
        ROW("\xC0\xAF"),
        ROW("\xED\xA0\x80"),
        ROW("\xF0\x9F\x98"),
        ROW("\xE9"),
#undef ROW
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[PREP_SIZE];
        if (prep_nick(rows[i], out) != 0)
            fail_msg("row %zu: '%s' was accepted", i, rows[i].at);
    }
}

static void test_nicks_accepted(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "a",      "firstwitch", "Third Witch", " a",     "a ",   "!",     "@",  "a/b@c",
        "<&'\">", "é",          "Ünï",         "日本語", "שלום", "مرحبا", "♥",  "☃",
        "한글",   "ไทย",        "ё",           "हिन्दी",  "€",    "ß",     "½⁄", "a\u1160b",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[PREP_SIZE];
        if (prep_nick(span_of(rows[i]), out) == 0)
            fail_msg("'%s' was refused", rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ascii_is_what_icu_says),
        cmocka_unit_test(test_every_code_point_is_stable),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_lengths_beyond_ascii),
        cmocka_unit_test(test_cost_is_bounded),
        cmocka_unit_test(test_node),
        cmocka_unit_test(test_domain),
        cmocka_unit_test(test_nick_pairs),
        cmocka_unit_test(test_nicks_refused),
        cmocka_unit_test(test_nicks_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
