/* Copying elements of strangers. */
#include "xml_fixture.h"

/* Elements of a <message/>, and their copies. */
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
        /* left out: it would break the stream */
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

/* Elements too deep for the writer are left out; the rest is well-formed. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_copy_attributes),
        cmocka_unit_test(test_copy_leaves_out_elements),
        cmocka_unit_test(test_copy_of_great_depth),
        cmocka_unit_test(test_copy_is_deterministic),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
