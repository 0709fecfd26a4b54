/* Reading stored XML back: XML from the writer is read whole, damage is noticed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "coven/xml.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define STANZA                                                                                     \
    "<message from='r@c/n' to='' xml:lang='de'><body>a &lt;b&gt; caf\xC3\xA9</body><x "            \
    "xmlns='u:v'><y z='&apos;&#10;'/></x></message>"

static struct stored_xml opened(const char *text)
{
    struct stored_xml element;
    if (!stored_xml_open(span_of(text), &element))
        fail_msg("this was not opened: %s", text);
    return element;
}

static void assert_span(struct span span, const char *text)
{
    if (!span_is(span, text))
        fail_msg("\"%.*s\" instead of \"%s\"", (int)span.len, span.at, text);
}

/* ---- Is it sound? ---- */

static void test_written_is_sound(void **state)
{
    (void)state;
    static const char *const texts[] = {
        STANZA,
        "<message/>",
        "<message></message>",
        "<message><x p:a='b' xmlns:p='u'/></message>",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_true(stored_xml_is_element(span_of(texts[i]), "message"));
}

static void test_unsound(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "<",
        "<message",
        "<message>",
        "message/>",
        "<presence/>",
        "<messages/>",
        "<message/><message/>",
        "<message/> ",
        "<message></presence>",
        "<message></message></message>",
        "<message><a></message>",
        "<message><a></b></message>",
        "<message a></message>",
        "<message a=''b=''/>",
        "<message a='<'/>",
        "<message a='/>",
        "<message =''/>",
        "<message>&</message>",
        "<message>&nbsp;</message>",
        "<message>&lt</message>;",
        "<message a='&lt'/>",
        "<message>\x01</message>",
        "<message>\xC3</message>",
        "<message><!-- --></message>",
        "<message></message",
        "<message><4/></message>",
        "<message><a!></a!></message>",
        "<message><p:a/></message>",
        "<message><p:a xmlns:p='u'/></message>", /* the writer writes no such element */
        "<message 4ype='a'/>",
        "<message id='a' id='b'/>",
        "<message p:a='b'/>",
        "<message :a='b'/>",
        "<message xml:='b'/>",
    };
    assert_false(stored_xml_is_element((struct span){NULL, 0}, "message"));
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (stored_xml_is_element(span_of(texts[i]), "message"))
            fail_msg("this was taken for sound: %s", texts[i]);
    }
    assert_false(stored_xml_is_element((struct span){"<message>\0</message>", 20}, "message"));
}

static void test_cuts_are_seen(void **state)
{
    (void)state;
    for (size_t len = 0; len < strlen(STANZA); len++)
        assert_false(stored_xml_is_element((struct span){STANZA, len}, "message"));
}

static void nested(int depth, struct buf *out)
{
    buf_clear(out);
    for (int i = 0; i < depth; i++)
        buf_add_text(out, "<a>");
    for (int i = 0; i < depth; i++)
        buf_add_text(out, "</a>");
}

static void test_limits(void **state)
{
    (void)state;
    struct buf text = BUF_INIT;
    nested(XML_DEPTH_MAX, &text);
    assert_true(stored_xml_is_element(buf_span(&text), "a"));
    nested(XML_DEPTH_MAX + 1, &text);
    assert_false(stored_xml_is_element(buf_span(&text), "a"));
    for (int count = 130; count < 132; count++) {
        buf_clear(&text);
        buf_add_text(&text, "<a");
        for (int i = 0; i < count; i++)
            buf_printf(&text, " a%d=''", i);
        buf_add_text(&text, "/>");
        assert_int_equal(stored_xml_is_element(buf_span(&text), "a"), count == 130);
    }
    buf_free(&text);
}

/* ---- Parts ---- */

static void test_open(void **state)
{
    (void)state;
    struct stored_xml element = opened("<message from='r@c/n' to=''><body>a</body></message>");
    assert_span(element.name, "message");
    assert_span(element.attributes, " from='r@c/n' to=''");
    assert_span(element.inner, "<body>a</body>");
    element = opened("<message/>");
    assert_span(element.name, "message");
    assert_span(element.attributes, "");
    assert_span(element.inner, "");
    static const char *const damaged[] = {"", "a", "<", "<a", "<a>", "<a></b>", "<a/>b", "<a></a"};
    for (size_t i = 0; i < COUNT(damaged); i++)
        assert_false(stored_xml_open(span_of(damaged[i]), &element));
    assert_false(stored_xml_open((struct span){NULL, 0}, &element));
}

static void test_attributes(void **state)
{
    (void)state;
    struct stored_xml element = opened("<a b='' c=' d=' e='&lt;&#9;\xC3\xA9&apos;'/>");
    struct span value;
    assert_true(stored_xml_attr(&element, "b", &value));
    assert_span(value, "");
    assert_true(stored_xml_attr(&element, "c", &value));
    assert_span(value, " d=");
    assert_true(stored_xml_attr(&element, "e", &value));
    assert_span(value, "&lt;&#9;\xC3\xA9&apos;");
    assert_false(stored_xml_attr(&element, "d", &value));
    assert_true(stored_xml_attr_is(&element, "b", span_of("")));
    assert_true(stored_xml_attr_is(&element, "e", span_of("<\t\xC3\xA9'")));
    static const char *const others[] = {"", "<", "<\t\xC3\xA9", "<\t\xC3\xA9' ", "&lt;&#9;"};
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(stored_xml_attr_is(&element, "e", span_of(others[i])));
    assert_false(stored_xml_attr_is(&element, "d", span_of("")));
}

static void test_children(void **state)
{
    (void)state;
    struct stored_xml child, message = opened("<m>x<a n='1'/><a xmlns='u' n='2'><a n='3'/></a>"
                                              "<ab n='4'/><a n='5'></a><b/>y</m>");
    struct span content = message.inner, value;
    assert_true(stored_xml_child(&content, "a", NULL, &child));
    assert_span(child.text, "<a n='1'/>");
    assert_true(stored_xml_child(&content, "a", NULL, &child));
    assert_span(child.text, "<a n='5'></a>");
    assert_false(stored_xml_child(&content, "a", NULL, &child));
    assert_true(stored_xml_child(&content, "b", NULL, &child));
    content = message.inner;
    assert_true(stored_xml_child(&content, "a", "u", &child));
    assert_span(child.inner, "<a n='3'/>");
    assert_true(stored_xml_attr(&child, "n", &value));
    assert_span(value, "2");
    assert_false(stored_xml_child(&content, "a", "u", &child));
    content = (struct span){NULL, 0};
    assert_false(stored_xml_child(&content, "a", NULL, &child));
    content = span_of("<a><b></a></b><a/>");
    assert_false(stored_xml_child(&content, "a", NULL, &child));
}

static void test_text(void **state)
{
    (void)state;
    struct buf text = BUF_INIT;
    struct stored_xml element = opened("<a>1&amp;<b c='d'>2</b>&#13;<e/>3</a>");
    assert_true(stored_xml_text(&element, &text));
    assert_string_equal(text.data, "1&2\r3");
    element = opened("<a>&nbsp;</a>");
    assert_false(stored_xml_text(&element, &text));
    buf_free(&text);
}

/* Each byte that XML allows comes back, as a value and as text. */
static void test_characters(void **state)
{
    (void)state;
    char characters[256] = "\t\n\r\xC3\xA9\xF0\x9F\x98\x80";
    size_t len = strlen(characters);
    for (char c = ' '; c < 127; c++)
        characters[len++] = c;
    struct span all = {characters, len};
    struct buf out = BUF_INIT, text = BUF_INIT;
    struct xml xml = xml_to(&out);
    xml_open(&xml, "a", NS_CLIENT);
    xml_attr(&xml, "b", all);
    xml_text(&xml, all);
    xml_close(&xml);
    assert_true(stored_xml_is_element(buf_span(&out), "a"));
    struct stored_xml element = opened(out.data);
    assert_true(stored_xml_attr_is(&element, "b", all));
    assert_true(stored_xml_text(&element, &text));
    assert_span(buf_span(&text), characters);
    buf_free(&out);
    buf_free(&text);
}

/* ---- Stanzas ---- */

static void test_address(void **state)
{
    (void)state;
    struct stored_xml stanza = opened("<message to='' a=' to='><b to=''/></message>");
    for (size_t at = 0; at < stanza.text.len + 10; at++)
        assert_int_equal(stored_xml_has_address(&stanza, at), at == 13);
    stanza = opened("<message to='a'/>");
    for (size_t at = 0; at < stanza.text.len; at++)
        assert_false(stored_xml_has_address(&stanza, at));
}

static void test_sender(void **state)
{
    (void)state;
    static const struct {
        const char *text, *resource; /* NULL: another sender */
    } rows[] = {
        {"<message from='r@c' to=''/>", ""},
        {"<message from='r@c/n' to=''/>", "n"},
        {"<message from='r@c/a&amp;/&#10;' to=''/>", "a&/\n"},
        {"<message to='' from='r@c/n'/>", "n"},
        {"<message from='r@cc' to=''/>", NULL},
        {"<message from='r@' to=''/>", NULL},
        {"<message xfrom='r@c'/>", NULL},
        {"<message><x from='r@c'/></message>", NULL},
        {"<message/>", NULL},
    };
    struct buf resource = BUF_INIT;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct stored_xml stanza = opened(rows[i].text);
        assert_int_equal(stored_xml_has_sender(&stanza, span_of("r@c")), rows[i].resource != NULL);
        if (!rows[i].resource)
            continue;
        stored_xml_sender_resource(&stanza, span_of("r@c"), &resource);
        assert_span(buf_span(&resource), rows[i].resource);
    }
    buf_free(&resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_is_sound),
        cmocka_unit_test(test_unsound),
        cmocka_unit_test(test_cuts_are_seen),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_children),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_address),
        cmocka_unit_test(test_sender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
