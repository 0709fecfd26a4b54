/* A table of patterns and elements: whether they match, and the first difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/element.h"
#include "scenario/explain.h"
#include "scenario/match.h"
#include "scenario/outline.h"
#include "scenario/pairing.h"
#include "scenario/pattern.h"

#define X "xmlns='urn:x'"

static xmlDoc *parse(const char *text)
{
    struct pattern_error error;
    xmlDoc *doc = pattern_parse(span_of(text), 1, &error);
    if (!doc)
        fail_msg("%s: line %d: %s", text, error.line, error.what);
    return doc;
}

static const struct {
    const char *pattern, *element;
    enum difference_kind difference;
} table[] = {
    /* names */
    {"<message/>", "<message/>", DIFFERENCE_NONE},
    {"<message/>", "<presence/>", DIFFERENCE_NAME},
    {"<message/>", "<message " X "/>", DIFFERENCE_NAMESPACE},
    {"<p:a xmlns:p='urn:x'/>", "<a " X "/>", DIFFERENCE_NONE},
    {"<a " X "/>", "<q:a xmlns:q='urn:x'/>", DIFFERENCE_NONE},
    {"<a xmlns=''/>", "<a/>", DIFFERENCE_NAMESPACE},

    /* attributes; a subset in jabber:client, all of them elsewhere */
    {"<iq/>", "<iq id='1' type='get'/>", DIFFERENCE_NONE},
    {"<iq id='1' type='get'/>", "<iq type='get' id='1'/>", DIFFERENCE_NONE},
    {"<iq id='1'/>", "<iq/>", DIFFERENCE_ATTR_MISSING},
    {"<iq id='1'/>", "<iq id='2'/>", DIFFERENCE_ATTR_VALUE},
    {"<iq id='1'/>", "<iq id=' 1'/>", DIFFERENCE_ATTR_VALUE},
    {"<iq id=''/>", "<iq id='1'/>", DIFFERENCE_ATTR_VALUE},
    {"<iq id='a&amp;&#39;'/>", "<iq id=\"a&#38;'\"/>", DIFFERENCE_NONE},
    {"<a " X "/>", "<a " X " id='1'/>", DIFFERENCE_ATTR_EXTRA},
    {"<a " X "/>", "<a " X " xmlns:p='urn:p'/>", DIFFERENCE_NONE},
    {"<a " X " xmlns:p='urn:p' p:k='1'/>", "<a " X " k='1'/>", DIFFERENCE_ATTR_MISSING},
    {"<a " X " xmlns:p='urn:p' p:k='1'/>", "<a " X " xmlns:q='urn:p' q:k='1'/>", DIFFERENCE_NONE},
    {"<message xml:lang='en'/>", "<message xml:lang='de'/>", DIFFERENCE_ATTR_VALUE},

    /* any value, a captured value: the attribute must be there */
    {"<iq id='{scansion:any}'/>", "<iq id='7'/>", DIFFERENCE_NONE},
    {"<iq id='{scansion:any}'/>", "<iq/>", DIFFERENCE_ATTR_MISSING},
    {"<iq id='{scansion:capture:it}'/>", "<iq id='7'/>", DIFFERENCE_NONE},
    {"<iq id='x{scansion:any}'/>", "<iq id='7'/>", DIFFERENCE_ATTR_VALUE},
    {"<a " X " id='{scansion:any}'/>", "<a " X " id='1'/>", DIFFERENCE_NONE},
    {"<body>{scansion:any}</body>", "<body>hi</body>", DIFFERENCE_NONE},

    /* text */
    {"<body>hi</body>", "<body>\n hi </body>", DIFFERENCE_NONE},
    {"<body>hi</body>", "<body>ho</body>", DIFFERENCE_TEXT},
    {"<body>hi</body>", "<body/>", DIFFERENCE_TEXT},
    {"<body/>", "<body>anything</body>", DIFFERENCE_NONE},
    {"<body>a  b</body>", "<body>a b</body>", DIFFERENCE_TEXT},
    {"<body>&lt;&#xe9;</body>", "<body><![CDATA[<\xC3\xA9]]></body>", DIFFERENCE_NONE},
    {"<a " X "><b/></a>", "<a " X ">t<b>any</b></a>", DIFFERENCE_NONE},

    /* children in jabber:client: each its own, any order, others allowed */
    {"<m><a/><b/></m>", "<m><b/><x " X "/><a/></m>", DIFFERENCE_NONE},
    {"<m><a/><a/></m>", "<m><a/></m>", DIFFERENCE_CHILD_MISSING},
    {"<m><a/><a k='1'/></m>", "<m><a k='1'/><a/></m>", DIFFERENCE_NONE},
    {"<m><a/></m>", "<m>\n</m>", DIFFERENCE_CHILD_MISSING},
    {"<m><a k='1'/></m>", "<m><a k='2'/></m>", DIFFERENCE_ATTR_VALUE},
    {"<m><a k='1'/></m>", "<m><a k='2'/><a k='3'/></m>", DIFFERENCE_CHILD_MISSING},
    {"<m><e><f " X "/></e></m>", "<m><e><g/><f " X "/></e></m>", DIFFERENCE_NONE},
    {"<m><f " X "/></m>", "<m><f " X "><g/></f></m>", DIFFERENCE_CHILD_EXTRA},

    /* children elsewhere: as many, in order */
    {"<x " X "><a/><b/></x>", "<x " X "><a/><b/></x>", DIFFERENCE_NONE},
    {"<x " X "><a/><b/></x>", "<x " X "><b/><a/></x>", DIFFERENCE_CHILD_PLACE},
    {"<x " X "><a/><b/><c/></x>", "<x " X "><b/><c/><d/></x>", DIFFERENCE_CHILD_MISSING},
    {"<x " X "><a/></x>", "<x " X "><a/><b/></x>", DIFFERENCE_CHILD_EXTRA},
    {"<x " X "><a/><b/></x>", "<x " X "><a/></x>", DIFFERENCE_CHILD_MISSING},
    {"<x " X "><b/></x>", "<x " X "><a/><b/></x>", DIFFERENCE_CHILD_EXTRA},
    {"<x " X "><a k='1'/></x>", "<x " X "><a k='2'/></x>", DIFFERENCE_ATTR_VALUE},
    {"<x " X "/>", "<x " X "><a/></x>", DIFFERENCE_CHILD_EXTRA},

    /* the directive, for one element */
    {"<x " X " scansion:strict='false'/>", "<x " X " k='1'><a/></x>", DIFFERENCE_NONE},
    {"<x " X " scansion:strict='false'><b/><a/></x>", "<x " X "><a/><b/></x>", DIFFERENCE_NONE},
    {"<x " X " scansion:strict='false'><a/></x>", "<x " X "><a k='1'/></x>", DIFFERENCE_ATTR_EXTRA},
    {"<iq scansion:strict='true'/>", "<iq id='1'/>", DIFFERENCE_ATTR_EXTRA},
    {"<iq scansion:strict='true' id='1'/>", "<iq id='1'/>", DIFFERENCE_NONE},
    {"<m scansion:strict='true'><a/><b/></m>", "<m><b/><a/></m>", DIFFERENCE_CHILD_PLACE},
};

static void matches_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        xmlDoc *pattern = parse(table[i].pattern), *element = parse(table[i].element);
        const xmlNode *p = pattern_first(pattern), *e = pattern_first(element);
        struct difference difference = match_difference(p, e);
        if (difference.kind != table[i].difference)
            fail_msg("%s against %s: %d", table[i].pattern, table[i].element, difference.kind);
        assert_int_equal(match(p, e), table[i].difference == DIFFERENCE_NONE);
        xmlFreeDoc(pattern);
        xmlFreeDoc(element);
    }
}

static void captures_attributes_and_text(void **state)
{
    (void)state;
    xmlDoc *pattern = parse("<m><x " X "><s id='{scansion:capture:first}'/>"
                            "<s id='{scansion:capture:second}'/></x>"
                            "<b k='1'>{scansion:capture:text}</b></m>");
    xmlDoc *element =
        parse("<m><b>no</b><b k='1'> yes </b><x " X "><s id='1'/><s id='2'/></x></m>");
    struct variables *variables = variables_new();
    variables_set(variables, "first", "old");
    assert_true(match(pattern_first(pattern), pattern_first(element)));
    match_capture(pattern_first(pattern), pattern_first(element), variables);
    assert_string_equal(variables_get(variables, span_of("first")), "1");
    assert_string_equal(variables_get(variables, span_of("second")), "2");
    assert_string_equal(variables_get(variables, span_of("text")), "yes");
    variables_free(variables);
    xmlFreeDoc(pattern);
    xmlFreeDoc(element);
}

static void refuses_patterns_with_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
    } cases[] = {
        {"<a>", 1},       {"<a/>\n<b>\n</c>", 3},     {"\n\n<a b='1' b='2'/>", 3},
        {"<p:a/>", 1},    {"<a>\n&nbsp;</a>", 2},     {" \n ", 1},
        {"only text", 1}, {"</end-of-block><a/>", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pattern_error error = {0};
        assert_null(pattern_parse(span_of(cases[i].text), 1, &error));
        assert_int_equal(error.line, cases[i].line);
        assert_true(error.what[0] != '\0');
    }
}

static void explains_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *element, *words;
    } cases[] = {
        {"<iq/>", "<message id='1'/>", "this is <message>; expected <iq>"},
        {"<iq/>", "<iq " X "/>", "<iq> is in the namespace \"urn:x\"; expected \"jabber:client\""},
        {"<iq id='1'/>", "<iq/>", "<iq> has no attribute id; expected id='1'"},
        {"<iq id='1'/>", "<iq id='2'/>", "<iq> has id='2'; expected id='1'"},
        {"<b>x</b>", "<b>y</b>", "<b> holds the text \"y\"; expected the text \"x\""},
        {"<b>x</b>", "<b/>", "<b> holds no text; expected the text \"x\""},
        {"<m><a " X "/></m>", "<m/>", "<m> lacks the child <a xmlns='urn:x'/>"},
        {"<m><a/><a/></m>", "<m><a/></m>", "<m> lacks a child that matches <a/>"},
        {"<a " X "/>", "<a " X "><c d='e'/></a>",
         "<a> has the extra child <c d='e'/>; the pattern is strict here"},
        {"<a " X "><b/><c/></a>", "<a " X "><c/><b/></a>",
         "<a> has <b/> in another position; the pattern is strict here"},
        {"<a " X "/>", "<a " X " b='c'/>",
         "<a> has b='c', which the pattern lacks; it is strict here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        xmlDoc *pattern = parse(cases[i].pattern), *element = parse(cases[i].element);
        struct difference difference =
            match_difference(pattern_first(pattern), pattern_first(element));
        struct buf words = BUF_INIT;
        explain_difference(&words, &difference);
        assert_string_equal(words.data, cases[i].words);
        buf_free(&words);
        xmlFreeDoc(pattern);
        xmlFreeDoc(element);
    }
}

static void marks_the_place(void **state)
{
    (void)state;
    xmlDoc *pattern = parse("<message><x " X "><a/><b k='1'>t</b></x></message>");
    xmlDoc *element = parse("<message><x " X "><a/><b k='2'>t</b></x></message>");
    struct buf out = BUF_INIT;
    explain_candidate(&out, pattern_first(pattern), pattern_first(element));
    assert_string_equal(out.data, "    <message>\n"
                                  "      <x xmlns='urn:x'>\n"
                                  "        <a/>\n"
                                  "  >     <b k='2'>t</b>\n"
                                  "      </x>\n"
                                  "    </message>\n"
                                  "  difference: <b> has k='2'; expected k='1'\n");
    buf_free(&out);
    xmlFreeDoc(pattern);
    xmlFreeDoc(element);
}

/* fits: a row for each on the left, '1' where the right one fits */
static bool fits(const void *user, int left, int right)
{
    const char *const *rows = user;
    return rows[left][right] == '1';
}

static void pairs_as_many_as_possible(void **state)
{
    (void)state;
    static const struct {
        const char *rows[4];
        int left, right;
        bool all;
    } cases[] = {
        {{""}, 0, 0, true},
        {{"11", "10"}, 2, 2, true},          /* the first moves to another partner */
        {{"110", "011", "100"}, 3, 3, true}, /* and the second does too */
        {{"10", "10"}, 2, 2, false},
        {{"111", "100", "100"}, 3, 3, false},
        {{"1"}, 1, 1, true},
        {{""}, 1, 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pairing pairing = {cases[i].left, cases[i].right, fits, cases[i].rows};
        int partner[4];
        assert_int_equal(pairing_find(&pairing, partner), cases[i].all);
        int alone = 0;
        for (int left = 0; left < cases[i].left; left++) {
            alone += partner[left] < 0;
            assert_true(partner[left] < 0 || cases[i].rows[left][partner[left]] == '1');
        }
        assert_int_equal(alone == 0, cases[i].all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_the_table_says),
        cmocka_unit_test(captures_attributes_and_text),
        cmocka_unit_test(refuses_patterns_with_the_line),
        cmocka_unit_test(explains_in_words),
        cmocka_unit_test(marks_the_place),
        cmocka_unit_test(pairs_as_many_as_possible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
