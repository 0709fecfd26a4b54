/* JIDs: prepared, split and compared. */
#include "jid_vectors.h"

static const struct vector plain[] = {
    SAME("a"),
    SAME("a.b"),
    SAME("a@b"),
    SAME("a/b"),
    SAME("a@b/c"),
    SAME("localhost"),
    SAME("example.com"),
    SAME("conference.example.com"),
    SAME("romeo@example.com"),
    SAME("romeo@example.com/balcony"),
    SAME("coven@chat.shakespeare.lit/firstwitch"),
    SAME("coven@chat.shakespeare.lit/Third Witch"),
    SAME("1@2/3"),
    SAME("0"),
    SAME("my_host"),
    SAME("a@my_container/x"),
    SAME("a-b@c-d.e-f/g-h"),
    SAME("a--b@c--d/e"),
    {"ROMEO@EXAMPLE.COM", "romeo@example.com"},
    {"Romeo@Example.Com/Balcony", "romeo@example.com/Balcony"},
    {"A@B/C", "a@b/C"},
    {"EXAMPLE.COM/R", "example.com/R"},
};

static const struct vector empty_parts[] = {
    NO(""),      NO("@"),      NO("/"),       NO("@/"),        NO("@b"),   NO("/c"),
    NO("a@"),    NO("a/"),     NO("@b/"),     NO("@b/c"),      NO("a@/c"), NO("a@b/"),
    NO("@/c"),   NO("a@/"),    NO("@@"),      NO("@@b"),       NO("a@@b"), NO("a@@"),
    NO("a@b@c"), NO("a@b@"),   NO("a@b@c/d"), NO("@a@b"),      NO("//"),   NO("//a"),
    SAME("a//"), SAME("a//b"), SAME("a@b//"), SAME("a@b//c/"), NO("/a@b"),
};

/* The first '/' ends the domain, no matter what follows. */
static const struct vector separators[] = {
    SAME("a/b@c"),
    SAME("a/@"),
    SAME("a/@b"),
    SAME("a/b@"),
    SAME("a/b/c"),
    SAME("a/b/c/d@e"),
    SAME("a@b/c@d"),
    SAME("a@b/@"),
    SAME("a@b/c/d"),
    SAME("a@b/c/d@e/f"),
    SAME("conf.example.com/a@b"),
    SAME("room@conf.example.com/a@b/c"),
    SAME("a@b/ "),
    SAME("a@b/  x  "),
    SAME("a@b/<>&'\""),
    SAME("a@b/:;=?[]{}|~"),
    SAME("a@b/xmpp:c@d/e"),
    SAME("a@b/@@@"),
    SAME("a@b////"),
};

/* Only clients interpret XEP-0106: an escape is text like any other. */
static const struct vector escapes[] = {
    SAME("a\\20b@c"),
    SAME("a\\40b@c"),
    SAME("a\\2fb@c"),
    SAME("a\\5cb@c"),
    SAME("a\\5c20b@c"),
    SAME("\\20a@c"),
    SAME("a\\@c"),
    SAME("a\\\\b@c"),
    SAME("d\\27artagnan@musketeers.lit"),
    SAME("c/a\\20b"),
    SAME("c/\\"),
    {"a\\5C@c", "a\\5c@c"},
    {"a\\2Fb@c/\\2F", "a\\2fb@c/\\2F"},
    NO("a\\20b"),
    NO("a@b\\20c"),
};

static const struct vector node_ascii[] = {
    SAME("!@b"),  SAME("#@b"),  SAME("$@b"),  SAME("%@b"),  SAME("(@b"),  SAME(")@b"), SAME("*@b"),
    SAME("+@b"),  SAME(",@b"),  SAME("-@b"),  SAME(".@b"),  SAME(";@b"),  SAME("=@b"), SAME("?@b"),
    SAME("[@b"),  SAME("]@b"),  SAME("^@b"),  SAME("_@b"),  SAME("`@b"),  SAME("{@b"), SAME("|@b"),
    SAME("}@b"),  SAME("~@b"),  SAME("..@b"), SAME("a.@b"), SAME(".a@b"), NO(" @b"),   NO("\"@b"),
    NO("&@b"),    NO("'@b"),    NO(":@b"),    NO("<@b"),    NO(">@b"),    NO("a b@c"), NO("a\tb@c"),
    NO("a\nb@c"), NO("\x7F@b"), NO("\x01@b"), NO("a @b"),   NO(" a@b"),
};

static const struct vector domains[] = {
    {"example.com.", "example.com"},
    {"a@example.com.", "a@example.com"},
    {"a@example.com./r", "a@example.com/r"},
    {"a@b.", "a@b"},
    SAME("192.0.2.1"),
    SAME("a@192.0.2.1/r"),
    SAME("[::1]"),
    SAME("a@[::1]/r"),
    SAME("a@[2001:db8::1]"),
    {"a@[2001:DB8::1]/R", "a@[2001:db8::1]/R"},
    SAME("xn--bcher-kva.example"),
    SAME("a@xn--bcher-kva.example/r"),
    NO("."),
    NO(".."),
    NO("a@."),
    NO("a@./r"),
    NO("./r"),
    NO(".a"),
    NO("a..b"),
    NO("a@b..c"),
    NO("a@b.."),
    NO("a@.b"),
    NO("-a"),
    NO("a-"),
    NO("a@-b.c"),
    NO("a@b-.c"),
    NO("a@b.c-"),
    NO("a b"),
    NO("a@b c"),
    NO("a@ b"),
    NO("a@b "),
    NO("a@b /r"),
    NO("a@b:5222"),
    NO("a@b,c"),
    NO("a@b;c"),
    NO("a@b<c"),
    NO("a@b&c"),
    NO("a@b'c"),
    NO("a@b\"c"),
    NO("a@b\\c"),
    NO("a@b%c"),
    NO("a@b?c"),
    NO("a@b#c"),
    NO("a@b*"),
    NO("a@b\tc"),
    NO("a@b\nc"),
    NO("a@::1"),
    NO("a@[::1"),
    NO("a@::1]"),
    NO("a@[::1]x"),
    NO("a@[]"),
    NO("a@[x]"),
    NO("a@[::1]:5222"),
};

static const struct vector unicode[] = {
    SAME("é@ü/ö"),
    SAME("日本語@例え.jp/名前"),
    SAME("שלום@example.com/مرحبا"),
    SAME("bücher.example"),
    SAME("😀@example.com/😀"),
    SAME("a@b/Straße"),
    SAME("a@b/É"),
    {"É@Ü/Ö", "é@ü/Ö"},
    {"BÜCHER.example", "bücher.example"},
    {"Straße@faß.de/Straße", "strasse@fass.de/Straße"},
    {"ΣΊΣΥΦΟΣ@b", "σίσυφοσ@b"},
    {"e\u0301@e\u0301/e\u0301", "é@é/é"},
    {"Å@b", "å@b"},
    {"\u212B@b/\u212B", "å@b/Å"},
    {"ａ@ｂ/ｃ", "a@b/c"},
    {"ＡＢＣ@b", "abc@b"},
    {"a@example．com", "a@example.com"},
    {"ﬁ@b/ﬁ", "fi@b/fi"},
    {"Ⅳ@b/Ⅳ", "iv@b/IV"},
    {"İ@b", "i\u0307@b"},
    {"\u00ADa@b", "a@b"},
    {"a\u200Bb@c\u200B/d\u200B", "ab@c/d"},
    {"a@b/\uFEFFc", "a@b/c"},
    {"a@b/x\u00A0y", "a@b/x y"},
    {"a@b/a／b", "a@b/a/b"},
    {"a@b/a＠b", "a@b/a@b"},
    {"a@b/½", "a@b/1⁄2"},
    NO("\u00AD@b"),
    NO("a@\u00AD"),
    NO("a@b/\u00AD"),
    NO("a@b/\u200B\u200D"),
    NO("a＠b@c"), /* a full-width '@' is no separator, and no part of a node */
    NO("a＠b"),
    NO("a@b／c"),
    NO("a／b@c"),
    NO("a：b@c"),
    NO("a＆b@c"),
    NO("a\u00A0b@c"),
    NO("a\u3000b@c"),
    NO("a@b\u00A0c"),
    NO("℀@b"),
    NO("a@℀"),
    NO("a@b．"),
    NO("a@．b"),
    NO("\u202Ea@b"),
    NO("a@\u202Eb"),
    NO("a@b/\u202Ec"),
    NO("a@b/\u200Ec"),
    NO("אa@b"),
    NO("a@b/אc"),
    NO("a@b/\uE000"),
    NO("a@b/\uFFFD"),
    NO("a@b/\uFFFE"),
    NO("a@b/\uFDD0"),
    NO("a@b/\u2028"),
    NO("a@b/\u1680"),
    NO("a@b/\U000E0041"),
};

static const struct vector bad_bytes[] = {
    NO("a@b/\xFF"),
    NO("a@b/\xC3"),
    NO("a@b/\xC0\xAF"),
    NO("a@b/\x80"),
    NO("a@b/\xED\xA0\x80"),
    NO("a@b/\xF0\x9F\x98"),
    NO("a@b/\xF5\x80\x80\x80"),
    NO("\xFF@b"),
    NO("\xC3@b"),
    NO("a@\xFF"),
    NO("a@b\xC3"),
    NO("a@b/\x01"),
    NO("a@b/\t"),
    NO("a@b/\n"),
    NO("a@b/\r"),
    NO("a@b/\x1F"),
    NO("a@b/\x7F"),
    NO("a@b/x\x7F"),
    NO("a@b/\xC2\x85"),
};

/* The parts of a valid JID lie where its text says. */
static void assert_is_consistent(const struct jid *jid)
{
    char text[JID_TEXT_MAX + 1];
    struct span node = jid_node(jid), domain = jid_domain(jid), resource = jid_resource(jid);
    int len = snprintf(text, sizeof text, "%.*s%s%.*s%s%.*s", (int)node.len, node.at,
                       node.len ? "@" : "", (int)domain.len, domain.at, resource.len ? "/" : "",
                       (int)resource.len, resource.at);
    assert_int_equal(len, jid->full_len);
    assert_true(span_is(jid_full(jid), text));
    assert_string_equal(jid->text, text);
    assert_int_equal(jid_has_resource(jid), resource.len > 0);
    assert_int_equal(jid->bare_len + (resource.len ? 1 + resource.len : 0), jid->full_len);
    assert_true(domain.len > 0);
    assert_memory_equal(jid_bare(jid).at, text, jid->bare_len);
}

static void assert_vectors(const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct jid jid, untouched;
        memset(&jid, 0x5A, sizeof jid);
        memset(&untouched, 0x5A, sizeof untouched);
        bool is_jid = jid_parse(span_of(vectors[i].text), &jid);
        if (is_jid != (vectors[i].prepared != NULL))
            fail_msg("'%s' is %s", vectors[i].text, is_jid ? "accepted" : "refused");
        if (!is_jid) {
            assert_memory_equal(&jid, &untouched, sizeof jid);
            continue;
        }
        assert_string_equal(jid.text, vectors[i].prepared);
        assert_is_consistent(&jid);
    }
}

static void test_vectors(void **state)
{
    (void)state;
    assert_vectors(plain, COUNT(plain));
    assert_vectors(empty_parts, COUNT(empty_parts));
    assert_vectors(separators, COUNT(separators));
    assert_vectors(escapes, COUNT(escapes));
    assert_vectors(node_ascii, COUNT(node_ascii));
    assert_vectors(domains, COUNT(domains));
    assert_vectors(unicode, COUNT(unicode));
    assert_vectors(bad_bytes, COUNT(bad_bytes));
}

static void test_nul(void **state)
{
    (void)state;
    static const struct span rows[] = {{"\0", 1},      {"a\0", 2},       {"a\0@b", 4},
                                       {"a@b\0", 4},   {"a@b/c\0", 6},   {"a@b/\0c", 6},
                                       {"\0a@b", 4},   {"a@b.\0c/d", 8}, {"é\0@b", 5},
                                       {"a@b/é\0", 7}, {NULL, 0}};
    struct jid jid;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_false(jid_parse(rows[i], &jid));
}

static void test_lengths(void **state)
{
    (void)state;
    static const struct {
        int node, domain, resource;
        bool is_jid;
    } rows[] = {
        {0, 1, 0, true},           {0, 1023, 0, true},        {0, 1024, 0, false},
        {1023, 1, 0, true},        {1024, 1, 0, false},       {0, 1, 1023, true},
        {0, 1, 1024, false},       {1023, 1023, 0, true},     {1023, 0, 1023, false},
        {0, 1023, 1023, true},     {1023, 1023, 1023, true},  {1024, 1023, 1023, false},
        {1023, 1024, 1023, false}, {1023, 1023, 1024, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char part[1025], text[3 * sizeof part];
        memset(part, 'a', sizeof part);
        int len = snprintf(text, sizeof text, "%.*s%s%.*s%s%.*s", rows[i].node, part,
                           rows[i].node ? "@" : "", rows[i].domain, part,
                           rows[i].resource ? "/" : "", rows[i].resource, part);
        struct jid jid;
        assert_int_equal(jid_parse((struct span){text, (size_t)len}, &jid), rows[i].is_jid);
        if (rows[i].is_jid) {
            assert_int_equal(jid.full_len, len);
            assert_is_consistent(&jid);
        }
    }
}

static void test_make(void **state)
{
    (void)state;
    static const struct {
        const char *node, *domain, *resource;
        const char *text; /* NULL: refused */
    } rows[] = {
        {"Room", "Conf.Example", "Nick", "room@conf.example/Nick"},
        {"room", "conf.example", "", "room@conf.example"},
        {"", "conf.example", "", "conf.example"},
        {"", "conf.example", "a@b/c", "conf.example/a@b/c"},
        {"room", "conf.example", "/@", "room@conf.example//@"},
        {"", "", "", NULL},
        {"room", "", "nick", NULL},
        {"a@b", "c", "", NULL},
        {"a/b", "c", "", NULL},
        {"a", "b/c", "", NULL},
        {"a", "b@c", "", NULL},
        {"a", "b", "\n", NULL},
        {"a b", "c", "d", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct jid jid;
        bool is_jid = jid_make(span_of(rows[i].node), span_of(rows[i].domain),
                               span_of(rows[i].resource), &jid);
        assert_int_equal(is_jid, rows[i].text != NULL);
        if (is_jid) {
            assert_string_equal(jid.text, rows[i].text);
            assert_is_consistent(&jid);
        }
    }
}

/* The text may be part of the JID that is written. */
static void test_onto_itself(void **state)
{
    (void)state;
    struct jid jid;
    assert_true(jid_parse(span_of("a@b/c"), &jid));
    assert_true(jid_parse(jid_bare(&jid), &jid));
    assert_string_equal(jid.text, "a@b");
    assert_true(jid_make(jid_node(&jid), jid_domain(&jid), span_of("d"), &jid));
    assert_string_equal(jid.text, "a@b/d");
}

static uint32_t random_next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* Text of a few pieces that are likely to make trouble. */
static size_t random_text(uint64_t *seed, char *out)
{
    static const char *const pieces[] = {
        "a",      "B",      "z9",     "-",      "_",      ".",       "@",    "@",
        "/",      "/",      " ",      "\\20",   "é",      "e\u0301", "ß",    "ａ",
        "．",     "／",     "😀",      "א",      "\u0307", "한",      "ﬁ",    "\u00AD",
        "\u200B", "\u212B", "\u1112", "\u1161", "\u11AB", "\u0345",  "\xFF", "İ",
        "[::1]",  "Ⅳ",      "\u202E", "\u3002", "ǅ",      "\u1E9E",  "ΐ",    "\u0323",
    };
    size_t len = 0;
    for (uint32_t count = 1 + random_next(seed) % 8; count > 0; count--) {
        /* Half of the pieces are the first four, so that some of the texts are JIDs. */
        uint32_t among = random_next(seed) % 2 ? 4 : COUNT(pieces);
        const char *piece = pieces[random_next(seed) % among];
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

static void test_print_and_parse(void **state)
{
    (void)state;
    uint64_t seed = 42;
    int jids = 0;
    for (int i = 0; i < 1000000; i++) {
        char text[64];
        struct jid jid, again;
        size_t len = random_text(&seed, text);
        if (!jid_parse((struct span){text, len}, &jid))
            continue;
        jids++;
        if (!jid_parse(jid_full(&jid), &again))
            fail_msg("'%.*s' becomes '%s', which is refused", (int)len, text, jid.text);
        if (!span_equal(jid_full(&jid), jid_full(&again)))
            fail_msg("'%.*s' becomes '%s' and then '%s'", (int)len, text, jid.text, again.text);
        assert_memory_equal(&jid, &again, offsetof(struct jid, text));
    }
    assert_in_range(jids, 100000, 900000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),     cmocka_unit_test(test_nul),
        cmocka_unit_test(test_lengths),     cmocka_unit_test(test_make),
        cmocka_unit_test(test_onto_itself), cmocka_unit_test(test_print_and_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
