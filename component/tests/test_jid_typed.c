/* JIDs as people type and paste them, and links to them. */
#include "jid_vectors.h"

/* What people type and paste. */
static const struct vector typed[] = {
    SAME("a@b"),
    SAME("b"),
    SAME("a@b/c"),
    SAME("a@b/c?d#e"),
    {" \t\n a@b\r\n ", "a@b"},
    {"xmpp:a@b", "a@b"},
    {"xmpp:b", "b"},
    {"XmPP:A@B/C", "a@b/C"},
    {" xmpp:a@b?join ", "a@b"},
    {"xmpp:a@b?join;password=p@q/r", "a@b"},
    {"xmpp:a@b?", "a@b"},
    {"xmpp:a@b#top", "a@b"},
    {"xmpp:a@b/c?message;body=x", "a@b/c"},
    {"xmpp:a%40b?join", "a@b"},
    {"xmpp:%23dev%25net@b?join", "#dev%net@b"},
    {"xmpp:what%3f@b?join", "what?@b"},
    {"xmpp:%C3%A4@b?join", "\u00e4@b"},
    {"xmpp:a@b/c%20d", "a@b/c d"},
    {"xmpp://a@b?join", "a@b"},
    {"xmpp://me@home/a@b?join", "a@b"},
    {"xmpp://a@b/", "a@b"},
    {"a@b?join", "a@b"},
    {"a@b?join;password=x/y", "a@b"},
    {"a@b#top", "a@b"},
    {"b?join", "b"},
    SAME("what?@b"),
    SAME("xmpp@b"),
    {"what?@b?join", "what?@b"},
    NO(""),
    NO("  "),
    NO("xmpp:"),
    NO("xmpp:?join"),
    NO("xmpp://"),
    NO("xmpp:///"),
    NO("xmpp:xmpp:a@b"),
    NO("xmpp:a%4@b"),
    NO("xmpp:a%"),
    NO("xmpp:a%zz@b"),
    NO("xmpp:a%00@b"),
    NO("xmpp:%FF@b"),
    NO("xmpp:a b@c"),
    NO("a b@c"),
    NO("a @b"),
    NO("?join"),
    NO("https://b/a@b"),
    NO("mailto:a@b"),
    NO("<a@b>"),
};

static void test_typed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(typed); i++) {
        struct jid jid;
        bool valid = jid_parse_typed(span_of(typed[i].text), &jid);
        if (valid != (typed[i].prepared != NULL))
            fail_msg("'%s' is %s", typed[i].text, valid ? "taken for an address" : "refused");
        if (valid)
            assert_string_equal(jid.text, typed[i].prepared);
    }
}

static void test_link(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"a@b", "xmpp:a@b?join"},
        {"A.b-c_d~e@b.c/Nick", "xmpp:a.b-c_d~e@b.c?join"},
        {"a+b=c!$()*,;@b", "xmpp:a+b=c!$()*,;@b?join"},
        {"#dev%net@b", "xmpp:%23dev%25net@b?join"},
        {"what?[x]^`{|}\\@b", "xmpp:what%3F%5Bx%5D%5E%60%7B%7C%7D%5C@b?join"},
        {"\u00e4@b", "xmpp:\u00e4@b?join"},
        {"b", "xmpp:b?join"},
    };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct jid jid, again;
        struct buf link = BUF_INIT;
        assert_true(jid_parse(span_of(pairs[i][0]), &jid));
        jid_write_link(&jid, "join", &link);
        assert_string_equal(link.data, pairs[i][1]);
        assert_true(jid_parse_typed(buf_span(&link), &again));
        assert_true(span_equal(jid_bare(&jid), jid_full(&again)));
        buf_free(&link);
    }
}

/* No text is read beyond its end, and a link of any length is refused or fits. */
static void test_typed_at_random(void **state)
{
    (void)state;
    static const char alphabet[] = "xmpp:/@%?# 4a0b";
    uint64_t seed = 7;
    for (int i = 0; i < 300000; i++) {
        struct jid jid;
        size_t len = (size_t)(seed >> 40) % 24, start = i % 3 == 0 ? 0 : 5;
        char *text = malloc(start + len + 1);
        memcpy(text, "xmpp:", start);
        for (size_t k = 0; k < len; k++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            text[start + k] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
        }
        seed++;
        text = realloc(text, start + len > 0 ? start + len : 1); /* so that reading on is noticed */
        struct span span = {text, start + len};
        if (jid_parse_typed(span, &jid))
            assert_true(jid_parse(jid_full(&jid), &jid));
        free(text);
    }
    char *long_link = malloc(5 + 3 * JID_TEXT_MAX);
    memset(long_link, 'a', 5 + 3 * JID_TEXT_MAX);
    memcpy(long_link, "xmpp:", 5);
    struct jid jid;
    assert_false(jid_parse_typed((struct span){long_link, 5 + 3 * JID_TEXT_MAX}, &jid));
    free(long_link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_typed),
        cmocka_unit_test(test_link),
        cmocka_unit_test(test_typed_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
