/* A stream through the guard, called as libstrophe calls it. */
#include "guard_recorder.h"

#include <unistd.h>

#include "coven/clock.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1 /* freed memory is kept, and times mean nothing */
#else
#define SANITIZED 0
#endif

static void add_talk(struct buf *xml, unsigned stanzas)
{
    for (unsigned i = 0; i < stanzas; i++) {
        buf_printf(xml,
                   "<message from='a%u@b/\xC3\xA4' x%u='1' to='r@d' xml:lang='de' "
                   "xmlns:p='urn:%u' p:from='evil'><body>text &lt;%u&gt;\n&amp;</body>"
                   "<x xmlns='urn:x'><y xmlns=''/><p:z p:a=''/></x><e/></message>",
                   i, i, i, i);
        if (i % 3 == 0)
            buf_add_text(xml, " \n<stream:features/><presence/>");
    }
}

static void test_chunks_make_no_difference(void **state)
{
    (void)state;
    static const size_t chunks[] = {1, 7, 4095, 4096, 65536, 1 << 30};
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, HEADER);
    add_talk(&xml, 8000); /* enough for some parsers */
    assert_true(xml.len > 3 * GUARD_PARSER_BYTES);
    struct buf first = BUF_INIT;
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        struct recorder recorder = {0};
        open_stream(&recorder);
        feed_in_chunks(&recorder, &xml, chunks[i]);
        assert_int_equal(recorder.streams, 1);
        assert_int_equal(recorder.depth, 1);
        assert_int_equal(recorder.stanzas, 8000 + 2 * 2667);
        if (i == 0)
            buf_add(&first, recorder.events.data, recorder.events.len);
        assert_int_equal(recorder.events.len, first.len);
        assert_memory_equal(recorder.events.data, first.data, first.len);
        close_stream(&recorder);
    }
    assert_null(memmem(first.data, first.len, " from=evil", 10));
    buf_free(&first);
    buf_free(&xml);
}

static void test_what_libstrophe_gets(void **state)
{
    (void)state;
    struct recorder recorder = {0};
    open_stream(&recorder);
    feed_text(&recorder, HEADER);
    feed_text(&recorder, "<message xmlns:p='v' p:a='1' xml:lang='de'>a&lt;b<x xmlns=''/></message>"
                         "</stream:stream>garbage < & >");
    assert_string_equal(recorder.events.data,
                        "(" STREAM "\x1Fstream from=c.d id=x>"
                        "(jabber:component:accept\x1Fmessage p:a=1 xmlns:p=v xml:lang=de>a<b"
                        "(x xmlns=>)))");
    assert_int_equal(recorder.texts, 1);
    close_stream(&recorder);
}

/* libstrophe must not wait for bytes that may never come. */
static void test_a_tag_is_handed_on_at_once(void **state)
{
    (void)state;
    struct recorder recorder = {0};
    open_stream(&recorder);
    feed_text(&recorder, HEADER);
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, "<message a='");
    memset(buf_reserve(&xml, 200000), 'x', 200000);
    xml.len += 200000;
    buf_add_text(&xml, "'/>");
    feed_in_chunks(&recorder, &xml, 4096);
    assert_int_equal(recorder.stanzas, 1);
    buf_free(&xml);
    close_stream(&recorder);
}

/* Between `before` and `after` a tag grows too long, as Prosody writes prefixed attributes: each
 * brings a prefix of its own. The chunks make no difference. */
static void assert_long_tag(const char *before, const char *after, const char *events)
{
    static const size_t chunks[] = {1, 4096, 1 << 30};
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, HEADER);
    buf_add_text(&xml, before);
    for (unsigned i = 0; xml.len <= GUARD_MAX_TAG + 1000; i++)
        buf_printf(&xml, " xmlns:n%u='u>' n%u:a=\"/>'\"", i, i);
    buf_add_text(&xml, after);
    buf_add_text(&xml, "<presence/>");
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        struct recorder recorder = {0};
        open_stream(&recorder);
        feed_in_chunks(&recorder, &xml, chunks[i]);
        const char *stanzas = strchr(recorder.events.data, '>') + 1;
        size_t len = strlen(events);
        assert_memory_equal(stanzas, events, len);
        assert_string_equal(stanzas + len, "(jabber:component:accept\x1Fpresence>)");
        close_stream(&recorder);
    }
    buf_free(&xml);
}

static void test_a_long_tag_is_cut(void **state)
{
    (void)state;
    static const char whole[] =
        "(jabber:component:accept\x1Fmessage from=a to=b type=t id=i&>( cut>))";
    static const char child[] = "(jabber:component:accept\x1Fmessage from=a>text"
                                "(jabber:component:accept\x1F"
                                "a>)( cut>))";
    assert_long_tag("<message from='a' to=\"b\"", " type='t' z = 'y'\nid\t=\r'i&amp;'/>", whole);
    assert_long_tag("<message n1:from='evil' from='a'",
                    " to='b' type='t' id='i&amp;'>text<n1:x>"
                    "<!-- <y> \" --><![CDATA[</y>]]]>'<?p </y> '?><y a='>'/></n1:x></message>",
                    whole);
    assert_long_tag("<message from='a'>text<a/><x", "/>more<n1:y xmlns:n1='u'/></message>", child);
    assert_long_tag("<message from='a'>text<a/><foo:b/><x", "/></message>", child); /* a fault */
    assert_long_tag("<message from='a'>text<a/><x",
                    "><n1:y a='</x>'><n2:z/></n1:y><x/></x>more<b/></message>", child);
}

static void test_a_long_tag_without_a_stanza(void **state)
{
    (void)state;
    assert_long_tag("<n1:message from='a'", "><n1:x/></n1:message>", "");
    assert_long_tag("<message xmlns='urn:other' id='i'", "/>",
                    "(urn:other\x1Fmessage id=i>( cut>))");
}

static void test_markup_in_any_chunk(void **state)
{
    (void)state;
    static const char xml[] = HEADER "<message><!----><!-- - > <x> --><![CDATA[]]]]><![CDATA[>]]>"
                                     "<?x '<'?><a b=\"'>\" c='\">'/>&gt;></message>";
    for (size_t chunk = 1; chunk < sizeof xml; chunk++) {
        struct recorder recorder = {0};
        struct buf bytes = {(char *)xml, sizeof xml - 1, 0};
        open_stream(&recorder);
        feed_in_chunks(&recorder, &bytes, chunk);
        assert_string_equal(strchr(recorder.events.data, '>') + 1,
                            "(jabber:component:accept\x1Fmessage>]]>"
                            "(jabber:component:accept\x1F"
                            "a b='> c=\">>)>>)");
        close_stream(&recorder);
    }
}

static void test_no_stream_at_all(void **state)
{
    (void)state;
    static const char *const answers[] = {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH\r\n",
                                          "<!DOCTYPE stream>", "\xFF\xFE<", "\xFE\xFF<"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct recorder recorder = {0};
        open_stream(&recorder);
        assert_int_equal(feed(&recorder, answers[i], strlen(answers[i])), XML_STATUS_ERROR);
        assert_string_equal(recorder.events.data, "( torn>");
        close_stream(&recorder);
    }
}

static void test_endless_header_and_tag(void **state)
{
    (void)state;
    static char spaces[GUARD_HOLD_BYTES];
    memset(spaces, ' ', sizeof spaces);
    struct recorder recorder = {0};
    open_stream(&recorder);
    feed_text(&recorder, "<stream");
    assert_int_equal(feed(&recorder, spaces, sizeof spaces), XML_STATUS_ERROR);
    close_stream(&recorder);

    struct recorder tag = {.quiet = true};
    open_stream(&tag);
    feed_text(&tag, HEADER "<message ");
    size_t fed = 0;
    while (fed < 2 * GUARD_MAX_TOKEN && feed(&tag, spaces, sizeof spaces) == XML_STATUS_OK)
        fed += sizeof spaces;
    assert_in_range(fed, GUARD_MAX_TOKEN - sizeof spaces, GUARD_MAX_TOKEN);
    close_stream(&tag);
}

/* Without the guard libstrophe would render all incoming stanzas, even while its log is off. */
static void test_no_text_is_made_of_what_comes_in(void **state)
{
    (void)state;
    struct recorder recorder = {.probed = XMPP_EOK};
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    char *text = NULL;
    size_t len = 0;
    open_stream(&recorder);
    feed_text(&recorder, HEADER);
    recorder.probe = xmpp_message_new(ctx, NULL, "a@b", "x");
    feed_text(&recorder, "<message/>");
    assert_int_not_equal(recorder.probed, XMPP_EOK);
    assert_int_equal(xmpp_stanza_to_text(recorder.probe, &text, &len), XMPP_EOK);
    assert_string_equal(text, "<message id=\"x\" to=\"a@b\"/>");
    xmpp_free(ctx, text);
    xmpp_stanza_release(recorder.probe);
    xmpp_ctx_free(ctx);
    close_stream(&recorder);
}

static void test_a_reset_begins_anew(void **state)
{
    (void)state;
    struct recorder recorder = {0};
    open_stream(&recorder);
    feed_text(&recorder, HEADER "<message><body>half");
    assert_int_equal(XML_ParserReset(recorder.parser, NULL), XML_TRUE);
    recorder.depth = recorder.streams = 0;
    buf_clear(&recorder.events);
    feed_text(&recorder, HEADER "<a/>");
    assert_string_equal(recorder.events.data, "(" STREAM "\x1Fstream from=c.d id=x>"
                                              "(jabber:component:accept\x1F"
                                              "a>)");
    close_stream(&recorder);
}

static void test_parsers_of_others(void **state)
{
    (void)state;
    struct recorder recorder = {0};
    recorder.parser = XML_ParserCreateNS(NULL, '!');
    XML_SetUserData(recorder.parser, &recorder);
    XML_SetElementHandler(recorder.parser, on_start, on_end);
    XML_SetCharacterDataHandler(recorder.parser, on_text);
    feed_text(&recorder, "<a x:b='c' xmlns:x='u'>&lt;");
    feed_text(&recorder, "d</a>");
    assert_string_equal(recorder.events.data, "(a u!b=c><d)");
    assert_int_equal(XML_ParserReset(recorder.parser, NULL), XML_TRUE);
    close_stream(&recorder);
}

/* ---- Memory and time ---- */

static size_t resident(void)
{
    long pages = 0, total = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &total, &pages), 2);
    fclose(file);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Feeds `len` bytes of names that are all different. Returns the time that took. */
static int64_t feed_names(struct recorder *recorder, unsigned *name, size_t len)
{
    int64_t from = clock_mono_ms();
    struct buf xml = BUF_INIT;
    for (size_t fed = 0; fed < len; fed += xml.len, buf_clear(&xml)) {
        for (unsigned i = 0; i < 20; i++, ++*name)
            buf_printf(&xml, "<p%u:m%u xmlns:p%u='urn:%u' p%u:a%u='' b%u=''><c%u/></p%u:m%u>",
                       *name, *name, *name, *name, *name, *name, *name, *name, *name, *name);
        feed_in_chunks(recorder, &xml, 4096);
    }
    buf_free(&xml);
    return clock_mono_ms() - from;
}

static void test_what_a_parser_remembers_is_bounded(void **state)
{
    (void)state;
    const size_t step = 10 << 20, steps = SANITIZED ? 2 : 15;
    struct recorder recorder = {.quiet = true};
    unsigned name = 0;
    open_stream(&recorder);
    feed_text(&recorder, HEADER);
    feed_names(&recorder, &name, 1 << 20);
    size_t before = resident();
    int64_t took = 0;
    for (size_t i = 0; i < steps; i++)
        took = feed_names(&recorder, &name, step);
    size_t after = resident();
    print_message("%zu MiB of new names: %zd KiB more resident; the last 10 MiB took %d ms\n",
                  steps * 10, (ssize_t)(after - before) / 1024, (int)took);
    assert_int_equal(recorder.stanzas, name);
    if (!SANITIZED)
        assert_true(after < before + (8 << 20));
    close_stream(&recorder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks_make_no_difference),
        cmocka_unit_test(test_what_libstrophe_gets),
        cmocka_unit_test(test_a_tag_is_handed_on_at_once),
        cmocka_unit_test(test_a_long_tag_is_cut),
        cmocka_unit_test(test_a_long_tag_without_a_stanza),
        cmocka_unit_test(test_markup_in_any_chunk),
        cmocka_unit_test(test_no_stream_at_all),
        cmocka_unit_test(test_endless_header_and_tag),
        cmocka_unit_test(test_no_text_is_made_of_what_comes_in),
        cmocka_unit_test(test_a_reset_begins_anew),
        cmocka_unit_test(test_parsers_of_others),
        cmocka_unit_test(test_what_a_parser_remembers_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
