#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "coven/xml.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FFFD         "\xEF\xBF\xBD"

static xmpp_ctx_t *ctx;

static int setup(void **state)
{
    (void)state;
    ctx = xmpp_ctx_new(NULL, NULL);
    return ctx ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    xmpp_ctx_free(ctx);
    return 0;
}

/* What was written, read by a parser that forgives nothing. */
static xmpp_stanza_t *parse(const char *text)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, text);
    if (!stanza)
        fail_msg("not well-formed: %s", text);
    return stanza;
}

static void assert_written(struct xml *xml, const char *text)
{
    assert_int_equal(xml->depth, 0);
    assert_false(xml->in_tag);
    assert_string_equal(xml->out->data, text);
    xmpp_stanza_release(parse(text));
    buf_free(xml->out);
}

static void test_structure(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    xml_open(&xml, "message", NS_CLIENT);
    xml_attr(&xml, "from", span_of("a@b"));
    xml_attr_text(&xml, "id", NULL);
    xml_attr_text(&xml, "type", "groupchat");
    xml_attr_number(&xml, "n", -12);
    xml_element(&xml, "body", NULL, span_of("hi"));
    xml_open(&xml, "x", NS_MUC_USER);
    xml_open(&xml, "item", NULL);
    xml_attr_text(&xml, "role", "none");
    xml_close(&xml);
    xml_element(&xml, "status", NS_MUC_USER, (struct span){NULL, 0});
    xml_close(&xml);
    xml_open(&xml, "forwarded", "urn:xmpp:forward:0");
    xml_open(&xml, "message", NS_CLIENT);
    xml_text(&xml, span_of("")); /* nothing: the tag stays open to attributes */
    xml_attr_text(&xml, "to", "c");
    xml_close(&xml);
    xml_close(&xml);
    xml_close(&xml);
    assert_written(&xml, "<message from='a@b' type='groupchat' n='-12'><body>hi</body>"
                         "<x xmlns='http://jabber.org/protocol/muc#user'><item role='none'/>"
                         "<status/></x><forwarded xmlns='urn:xmpp:forward:0'>"
                         "<message xmlns='jabber:client' to='c'/></forwarded></message>");
}

static void test_namespaces(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    xml_open(&xml, "x", "urn:x");
    xml_open(&xml, "none", "");
    xml_element(&xml, "same", NULL, (struct span){NULL, 0});
    xml_close(&xml);
    char copy[] = "urn:x"; /* equal, at another place */
    xml_element(&xml, "same", copy, (struct span){NULL, 0});
    xml_element(&xml, "odd", "a'b&c<\n", (struct span){NULL, 0});
    xml_close(&xml);
    assert_written(&xml, "<x xmlns='urn:x'><none xmlns=''><same/></none><same/>"
                         "<odd xmlns='a&apos;b&amp;c&lt;&#10;'/></x>");
}

static void test_raw(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    xml_open(&xml, "message", NS_CLIENT);
    xml_raw(&xml, (struct span){NULL, 0});
    xml_attr_text(&xml, "id", "1");
    xml_raw(&xml, span_of("<body>a</body>"));
    xml_raw(&xml, span_of("<x xmlns='urn:x'/>"));
    xml_close(&xml);
    assert_written(&xml, "<message id='1'><body>a</body><x xmlns='urn:x'/></message>");
}

static const struct {
    struct span raw;
    const char *text, *attr; /* as it is escaped there */
} escapes[] = {
    {{"", 0}, "", ""},
    {{"plain", 5}, "plain", "plain"},
    {{"a&b", 3}, "a&amp;b", "a&amp;b"},
    {{"<b>", 3}, "&lt;b&gt;", "&lt;b&gt;"},
    {{"]]>", 3}, "]]&gt;", "]]&gt;"},
    {{"&amp;", 5}, "&amp;amp;", "&amp;amp;"},
    {{"'\"", 2}, "'\"", "&apos;&quot;"},
    {{"\t\n\r", 3}, "\t\n&#13;", "&#9;&#10;&#13;"},
    {{" a  b ", 6}, " a  b ", " a  b "},
    {{"\x7F", 1}, "\x7F", "\x7F"},
    {{"é€😀", 9}, "é€😀", "é€😀"},
    {{"é<€>😀", 11}, "é&lt;€&gt;😀", "é&lt;€&gt;😀"},
    {{"\0", 1}, FFFD, FFFD},
    {{"a\0b", 3}, "a" FFFD "b", "a" FFFD "b"},
    {{"\x01\x08\x0B\x0C\x0E\x1F", 6}, FFFD FFFD FFFD FFFD FFFD FFFD, FFFD FFFD FFFD FFFD FFFD FFFD},
    {{"\xFF", 1}, FFFD, FFFD},
    {{"a\x80", 2}, "a" FFFD, "a" FFFD},
    {{"\xC3", 1}, FFFD, FFFD},
    {{"\xC3<", 2}, FFFD "&lt;", FFFD "&lt;"},
    {{"\xC3z", 2}, FFFD "z", FFFD "z"},
    {{"\xC0\xBC", 2}, FFFD FFFD, FFFD FFFD},                 /* overlong '<' */
    {{"\xED\xA0\x80", 3}, FFFD FFFD FFFD, FFFD FFFD FFFD},   /* a surrogate */
    {{"\xEF\xBF\xBE\xEF\xBF\xBF", 6}, FFFD FFFD, FFFD FFFD}, /* U+FFFE and U+FFFF */
    {{"\xEF\xBF\xBD", 3}, FFFD, FFFD},
    {{"\xF0\x9F\x98", 3}, FFFD FFFD FFFD, FFFD FFFD FFFD}, /* half an emoji */
    {{"\xF4\x90\x80\x80", 4}, FFFD FFFD FFFD FFFD, FFFD FFFD FFFD FFFD},
};

static void test_escapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(escapes); i++) {
        struct buf out = BUF_INIT, attr = BUF_INIT, expected = BUF_INIT;
        struct xml xml = xml_to(&out);
        xml_open(&xml, "a", NS_CLIENT);
        xml_attr(&xml, "b", escapes[i].raw);
        xml_element(&xml, "c", NULL, escapes[i].raw);
        xml_close(&xml);
        buf_printf(&expected, "<a b='%s'>", escapes[i].attr);
        buf_printf(&expected, *escapes[i].text ? "<c>%s</c></a>" : "<c%s/></a>", escapes[i].text);
        assert_written(&xml, expected.data);
        buf_add_char(&attr, '=');
        xml_escape_attr(&attr, escapes[i].raw);
        assert_string_equal(attr.data + 1, escapes[i].attr);
        buf_free(&attr);
        buf_free(&expected);
    }
}

/* The same bytes as text and as an attribute come back through a parser. */
static void assert_survives(struct span raw)
{
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    xml_open(&xml, "a", NS_CLIENT);
    xml_attr(&xml, "b", raw);
    xml_text(&xml, raw);
    xml_close(&xml);
    xmpp_stanza_t *stanza = parse(out.data);
    char *text = stanza_text(stanza);
    if (utf8_is_xml(raw)) {
        assert_true(span_equal(span_of(text), raw));
        assert_true(span_equal(span_of(stanza_attr(stanza, "b")), raw));
    } else {
        assert_non_null(strstr(text, FFFD));
        assert_non_null(strstr(stanza_attr(stanza, "b"), FFFD));
    }
    free(text);
    xmpp_stanza_release(stanza);
    buf_free(&out);
}

static void test_every_pair_of_bytes_survives(void **state)
{
    (void)state;
    for (int i = 0; i < 256 * 256; i++)
        assert_survives((struct span){(char[]){'x', (char)(i / 256), (char)(i % 256), 'y'}, 4});
}

/* Text that is cut at any byte is still well-formed. */
static void test_every_cut_is_well_formed(void **state)
{
    (void)state;
    struct span text = span_of("aé€😀<&>😀€éa");
    for (size_t len = 0; len <= text.len; len++)
        assert_survives((struct span){text.at, len});
}

/* Elements that are copied out of a <message/>, and what has become of them. */
static void test_copy(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* NULL: the same */
    } rows[] = {
        {"<body>hi</body>", NULL},
        {"<body/>", NULL},
        {"<body></body>", "<body/>"},
        {"<body> </body>", NULL},
        {"<body>a&amp;b&lt;c&gt;d</body>", NULL},
        {"<body>a\nb\tc</body>", NULL},
        {"<body>a&#13;b</body>", NULL},
        {"<body><![CDATA[<&>]]></body>", "<body>&lt;&amp;&gt;</body>"},
        {"<body>a<!-- no -->b<?no no?></body>", "<body>ab</body>"},
        {"<body>&#x1F600;😀</body>", "<body>😀😀</body>"},
        {"<a b=\"c'd\"/>", "<a b='c&apos;d'/>"},
        {"<a b='&#9;&#10;&#13;'/>", NULL},
        {"<a b=''/>", NULL},
        {"<x xmlns='urn:x'/>", NULL},
        {"<x xmlns='urn:x'><y/><z xmlns='urn:z'><y xmlns='urn:x'/></z></x>", NULL},
        {"<p:x xmlns:p='urn:x'/>", "<x xmlns='urn:x'/>"},
        {"<p:x xmlns:p='urn:x'><y/></p:x>", "<x xmlns='urn:x'><y xmlns='jabber:client'/></x>"},
        {"<x xmlns='urn:x'><y xmlns='jabber:client'/></x>", NULL},
        {"<x xmlns='urn:x'><y xmlns='jabber:component:accept'/></x>",
         "<x xmlns='urn:x'><y xmlns='jabber:client'/></x>"},
        {"<x xmlns='urn:x'>a<b>c</b>d<e/>f</x>", NULL},
        {"<x xmlns='a&amp;b&apos;c'/>", NULL},
        {"<größe/>", NULL},
        {"<日本 語='x'/>", NULL},
        {"<_-.9/>", "<_-.9/>"},
        {"<a-b.c_d9 e-f.g_h9='i'/>", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf in = BUF_INIT, expected = BUF_INIT, out = BUF_INIT;
        buf_printf(&in, "<message xmlns='jabber:component:accept'>%s</message>", rows[i].in);
        buf_printf(&expected, "<message>%s</message>", rows[i].out ? rows[i].out : rows[i].in);
        xmpp_stanza_t *message = parse(in.data);
        struct xml xml = xml_to(&out);
        xml_copy(&xml, message);
        xmpp_stanza_release(message);
        assert_written(&xml, expected.data);
        buf_free(&in);
        buf_free(&expected);
    }
}

/* An element as the guard builds it: attributes with prefixes have names that are literal. */
static void test_copy_attributes(void **state)
{
    (void)state;
    static const struct {
        const char *names[3], *values[3];
        const char *in_order, *in_other_order; /* either is fine; NULL: there is but one */
    } rows[] = {
        {{"xml:lang"}, {"de"}, "<x xml:lang='de'/>", NULL},
        {{"xml:space"}, {"preserve"}, "<x xml:space='preserve'/>", NULL},
        {{"xmlns:p"}, {"urn:p"}, "<x xmlns:p='urn:p'/>", NULL},
        {{"p:a", "xmlns:p"},
         {"1", "urn:p"},
         "<x p:a='1' xmlns:p='urn:p'/>",
         "<x xmlns:p='urn:p' p:a='1'/>"},
        {{"xmlns"}, {""}, "<x xmlns=''/>", NULL},
        {{"xmlns"}, {"urn:x"}, "<x xmlns='urn:x'/>", NULL},
        {{"xmlns"}, {"jabber:client"}, "<x/>", NULL},
        {{"xmlns"}, {"jabber:component:accept"}, "<x/>", NULL},
        {{"é"}, {"1"}, "<x é='1'/>", NULL},
        /* left out, because nothing that reads it could go on */
        {{"p:a"}, {"1"}, "<x/>", NULL},
        {{"p:a", "xmlns:q"}, {"1", "urn:p"}, "<x xmlns:q='urn:p'/>", NULL},
        {{"p:a", "xmlns:p"}, {"1", ""}, "<x/>", NULL},
        {{"xmlns:xml"}, {"urn:p"}, "<x/>", NULL},
        {{"xmlns:xmlns"}, {"urn:p"}, "<x/>", NULL},
        {{"xmlns:p"}, {"http://www.w3.org/2000/xmlns/"}, "<x/>", NULL},
        {{"xmlns:p"}, {"http://www.w3.org/XML/1998/namespace"}, "<x/>", NULL},
        {{"p:", "xmlns:p"}, {"1", "urn:p"}, "<x xmlns:p='urn:p'/>", NULL},
        {{"p:a:b", "xmlns:p"}, {"1", "urn:p"}, "<x xmlns:p='urn:p'/>", NULL},
        {{":"}, {"1"}, "<x/>", NULL},
        {{":a"}, {"1"}, "<x/>", NULL},
        {{"xmlns:"}, {"1"}, "<x/>", NULL},
        {{"xml:"}, {"1"}, "<x/>", NULL},
        {{""}, {"1"}, "<x/>", NULL},
        {{"a b"}, {"1"}, "<x/>", NULL},
        {{"a='1' b"}, {"1"}, "<x/>", NULL},
        {{"9a"}, {"1"}, "<x/>", NULL},
        {{"-a"}, {"1"}, "<x/>", NULL},
        {{"a>"}, {"1"}, "<x/>", NULL},
        {{"a\xFF"}, {"1"}, "<x/>", NULL},
        {{"\xC3\x97"}, {"1"}, "<x/>", NULL},
        {{"a\n"}, {"1"}, "<x/>", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_stanza_t *x = xmpp_stanza_new(ctx);
        xmpp_stanza_set_name(x, "x");
        for (size_t j = 0; j < 3 && rows[i].names[j]; j++)
            xmpp_stanza_set_attribute(x, rows[i].names[j], rows[i].values[j]);
        struct buf out = BUF_INIT;
        struct xml xml = xml_to(&out);
        xml_copy(&xml, x);
        xmpp_stanza_release(x);
        bool is_other = rows[i].in_other_order && strcmp(out.data, rows[i].in_order) != 0;
        assert_written(&xml, is_other ? rows[i].in_other_order : rows[i].in_order);
    }
}

static void test_copy_leaves_out_elements(void **state)
{
    (void)state;
    static const struct {
        const char *name, *ns;
        bool stays;
    } rows[] = {
        {"a", NULL, true},
        {"a.b-c", "", true},
        {"a", "http://www.w3.org/XML/1998/namespace", false},
        {"a", "http://www.w3.org/2000/xmlns/", false},
        {"", NULL, false},
        {" ", NULL, false},
        {"a b", NULL, false},
        {"a:b", NULL, false},
        {"a/", NULL, false},
        {"a>", NULL, false},
        {"1", NULL, false},
        {"\x01", NULL, false},
        {"\xFF", NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_stanza_t *parent = parse("<message/>"), *child = xmpp_stanza_new(ctx);
        xmpp_stanza_set_name(child, rows[i].name);
        if (rows[i].ns)
            xmpp_stanza_set_ns(child, rows[i].ns);
        xmpp_stanza_add_child_ex(parent, child, 0);
        struct buf out = BUF_INIT, expected = BUF_INIT;
        struct xml xml = xml_to(&out);
        xml_copy(&xml, parent);
        buf_printf(&expected, rows[i].stays ? "<message><%s%s/></message>" : "<message/>",
                   rows[i].name, rows[i].ns ? " xmlns=''" : "");
        xmpp_stanza_release(parent);
        assert_written(&xml, expected.data);
        buf_free(&expected);
    }
}

/* Deeper than the writer goes: the rest is left out, and what is written is whole. */
static void test_copy_of_great_depth(void **state)
{
    (void)state;
    struct buf in = BUF_INIT, expected = BUF_INIT, out = BUF_INIT;
    for (int i = 0; i < XML_DEPTH_MAX + 50; i++)
        buf_add_text(&in, "<a>");
    for (int i = 0; i < XML_DEPTH_MAX + 50; i++)
        buf_add_text(&in, "</a>");
    for (int i = 1; i < XML_DEPTH_MAX; i++)
        buf_add_text(&expected, "<a>");
    buf_add_text(&expected, "<a/>");
    for (int i = 1; i < XML_DEPTH_MAX; i++)
        buf_add_text(&expected, "</a>");
    xmpp_stanza_t *deep = parse(in.data);
    struct xml xml = xml_to(&out);
    xml_copy(&xml, deep);
    xmpp_stanza_release(deep);
    assert_written(&xml, expected.data);
    buf_free(&in);
    buf_free(&expected);
}

static void test_copy_is_deterministic(void **state)
{
    (void)state;
    xmpp_stanza_t *stanza = parse("<a b='1' c='2' d='3' e='4' f='5' g='6' h='7' i='8' j='9'/>");
    struct buf one = BUF_INIT, two = BUF_INIT;
    struct xml xml = xml_to(&one), again = xml_to(&two);
    xml_copy(&xml, stanza);
    xml_copy(&again, stanza);
    assert_string_equal(one.data, two.data);
    assert_int_equal(one.len, strlen("<a b='1' c='2' d='3' e='4' f='5' g='6' h='7' i='8' j='9'/>"));
    xmpp_stanza_release(stanza);
    buf_free(&one);
    buf_free(&two);
}

static void close_nothing(struct xml *xml)
{
    xml_close(xml);
}

static void write_text_outside(struct xml *xml)
{
    xml_text(xml, span_of("text"));
}

static void write_raw_outside(struct xml *xml)
{
    xml_raw(xml, span_of("<a/>"));
}

static void write_attribute_late(struct xml *xml)
{
    xml_open(xml, "a", NULL);
    xml_text(xml, span_of("text"));
    xml_attr_text(xml, "b", "c");
}

static void write_number_late(struct xml *xml)
{
    xml_attr_number(xml, "b", 1);
}

static void open_without_end(struct xml *xml)
{
    for (int i = 0; i <= XML_DEPTH_MAX; i++)
        xml_open(xml, "a", NULL);
}

/* Each of these ends the process. */
static void test_bugs_are_caught(void **state)
{
    (void)state;
    static void (*const bugs[])(struct xml *) = {
        close_nothing,        write_text_outside, write_raw_outside,
        write_attribute_late, write_number_late,  open_without_end,
    };
    for (size_t i = 0; i < COUNT(bugs); i++) {
        pid_t child = fork();
        if (child == 0) {
            struct buf out = BUF_INIT;
            struct xml xml = xml_to(&out);
            signal(SIGABRT, SIG_DFL);
            fclose(stderr);
            bugs[i](&xml);
            _exit(0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_namespaces),
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_every_pair_of_bytes_survives),
        cmocka_unit_test(test_every_cut_is_well_formed),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_copy_attributes),
        cmocka_unit_test(test_copy_leaves_out_elements),
        cmocka_unit_test(test_copy_of_great_depth),
        cmocka_unit_test(test_copy_is_deterministic),
        cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
