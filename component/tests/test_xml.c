/* Writing and escaping XML. */
#include "xml_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/utf8.h"

#define FFFD "\xEF\xBF\xBD"

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

static void add_times(struct buf *out, char c, size_t times)
{
    while (times-- > 0)
        buf_add_char(out, c);
}

/* Escapes text with plain bytes before and after it; no byte of memory lies beyond. */
static void expect_escape(size_t i, size_t before, size_t behind)
{
    struct span raw = escapes[i].raw;
    struct buf out = BUF_INIT, expected = BUF_INIT;
    size_t len = before + raw.len + behind;
    char *bytes = malloc(len ? len : 1);
    memset(bytes, 'x', len);
    memcpy(bytes + before, raw.at, raw.len);
    add_times(&expected, 'x', before);
    buf_add_text(&expected, escapes[i].attr);
    add_times(&expected, 'x', behind);
    buf_reserve(&out, 0)[0] = '\0';
    xml_escape_attr(&out, (struct span){bytes, len});
    assert_string_equal(out.data, expected.data ? expected.data : "");
    free(bytes);
    buf_free(&out);
    buf_free(&expected);
}

static void test_escapes_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(escapes); i++)
        for (size_t before = 0; before <= 8; before++)
            for (size_t behind = 0; behind <= 8; behind++)
                expect_escape(i, before, behind);
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
        cmocka_unit_test(test_escapes_anywhere),
        cmocka_unit_test(test_every_pair_of_bytes_survives),
        cmocka_unit_test(test_every_cut_is_well_formed),
        cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
