/* The stream reader: the events of good streams and the refusal of bad ones, however the bytes
 * arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <malloc.h>
#include <time.h>

#include "stream_record.h"

static const size_t steps[] = {1, 2, 3, 7, 64, 100000};
#define STEPS (sizeof steps / sizeof *steps)

static void reads(const char *text, bool trees, const char *expected)
{
    for (size_t i = 0; i < STEPS; i++) {
        struct record record;
        record_open(&record, NULL, trees);
        assert_int_equal(feed_in_steps(record.stream, text, strlen(text), steps[i]), WIRE_OK);
        assert_string_equal(record.text.data ? record.text.data : "", expected);
        record_close(&record);
    }
}

static void refuses(const char *text, enum wire_fault fault)
{
    for (size_t i = 0; i < STEPS; i++) {
        struct record record;
        record_open(&record, NULL, i % 2);
        enum wire_fault found = feed_in_steps(record.stream, text, strlen(text), steps[i]);
        if (found != fault)
            print_error("in steps of %zu: %s\n", steps[i], text);
        assert_int_equal(found, fault);
        size_t len = record.text.len;
        assert_int_equal(wire_stream_feed(record.stream, "<message/>", 10), fault);
        assert_int_equal(record.text.len, len);
        record_close(&record);
    }
}

static void stanzas_are_read(void **state)
{
    (void)state;
    reads("<?xml version='1.0'?>\n" HEAD "<message to='a&amp;b' id=\"'&#x3e;'\"><body>x</body>"
          "</message> \n\t<iq/><presence xml:lang='de' />  </stream:stream>",
          false,
          OPENED CLIENT "message to=a&b id='>' [" CLIENT "body] <body>x</body>\n" CLIENT
                        "iq \n" CLIENT "presence lang=de \nclosed\n");
}

static void inner_is_kept_byte_for_byte(void **state)
{
    (void)state;
    reads(HEAD "<iq type='get' >\r\n<query xmlns='urn:x' a=\">'\" ><![CDATA[</iq>]]]>&lt;</query >"
               "</iq >",
          false,
          OPENED CLIENT "iq type=get [{urn:x}query] \r\n<query xmlns='urn:x' a=\">'\" >"
                        "<![CDATA[</iq>]]]>&lt;</query >\n");
}

static void namespaced_root_attributes_are_not_plain(void **state)
{
    (void)state;
    reads(HEAD "<message xmlns:x='urn:x' x:from='evil' from='me' x:to='y'><x:a/></message>", false,
          OPENED CLIENT "message from=me x:urn:x [{urn:x}a] <x:a/>\n");
}

static void trees_are_built(void **state)
{
    (void)state;
    reads(HEAD "<message to='a'><body>1 &lt; 2<![CDATA[ & ]]>\xc3\xa9</body></message><iq/>", true,
          OPENED CLIENT
          "message to=a [" CLIENT "body] <body>1 &lt; 2<![CDATA[ & ]]>\xc3\xa9</body>\n"
          "tree <message to=\"a\"><body>1 &lt; 2 &amp; \xc3\xa9</body></message>\n" CLIENT
          "iq \ntree <iq/>\n");
}

static void a_default_namespace_may_be_the_streams(void **state)
{
    (void)state;
    reads("<stream xmlns='http://etherx.jabber.org/streams'><message xmlns='jabber:client'/>"
          "</stream>",
          false, "opened {http://etherx.jabber.org/streams}stream\n" CLIENT "message \nclosed\n");
    reads("<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client'><s:error/>"
          "<iq/></s:stream>",
          false,
          "opened {http://etherx.jabber.org/streams}stream s:http://etherx.jabber.org/streams\n"
          "{http://etherx.jabber.org/streams}error \n" CLIENT "iq \nclosed\n");
}

static void odd_namespace_names_are_accepted(void **state)
{
    (void)state;
    reads(HEAD "<iq><vCard xmlns='vcard-temp'/></iq><iq><q xmlns='{no} uri'/></iq>", false,
          OPENED CLIENT "iq [{vcard-temp}vCard] <vCard xmlns='vcard-temp'/>\n" CLIENT
                        "iq [{{no} uri}q] <q xmlns='{no} uri'/>\n");
}

static void a_declared_encoding_changes_nothing(void **state)
{
    (void)state;
    reads("<?xml version='1.0' encoding='ISO-8859-1'?>" HEAD "<a>\xc3\xa9</a>", false,
          OPENED CLIENT "a \xc3\xa9\n");
}

static void restricted_xml_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<!DOCTYPE a [<!ENTITY e 'x'>]>" HEAD,
        HEAD "<!DOCTYPE a>",
        HEAD "<!-- c -->",
        HEAD "<a><!-- c --></a>",
        HEAD "<?pi x?>",
        HEAD "<a><?pi x?></a>",
        "<?pi x?>" HEAD,
        "<?xml version='1.0'?><?xml version='1.0'?>" HEAD,
        HEAD "<a><![CDATB[x]]></a>",
        HEAD "<?xml version='1.0'?>",
        "<?xml-stylesheet x='y'?>" HEAD,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuses(texts[i], WIRE_RESTRICTED_XML);
}

static void ill_formed_xml_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "hello",
        "</a>",
        "<stream:stream/>",
        HEAD "text<a/>",
        HEAD "<a>x</b>",
        HEAD "<a><b></a>",
        HEAD "<a b='1' b='2'/>",
        HEAD "<a b=c/>",
        HEAD "<a b='<'/>",
        HEAD "<a <b/>",
        HEAD "<a>&x;</a>",
        HEAD "<a>]]></a>",
        HEAD "<a>\x01</a>",
        HEAD "<a>&#1;</a>",
        HEAD "<a>\xff</a>",
        HEAD "<a>\xc0\xbc</a>",
        HEAD "<a b='\xe0\x80\xbc'/>",
        HEAD "<a>\xed\xa0\x80</a>",
        HEAD "<>",
        HEAD "< a/>",
        HEAD "<a/ >",
        HEAD "<a b/>",
        HEAD "</stream>",
        HEAD "</stream:stream x='y'>",
        HEAD "<1a/>",
        "\xff\xfe<\0",
        HEAD "<a / b='/'></a>",
        HEAD "&amp;",
        HEAD "<![CDATA[]]><a/>",
        HEAD "<![CDATA[x]]>",
        "<![CDATA[]]>" HEAD,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuses(texts[i], WIRE_NOT_WELL_FORMED);
}

static void unbound_prefixes_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        HEAD "<x:a/>",
        HEAD "<a><x:b/></a>",
        HEAD "<a x:b='c'/>",
        HEAD "<a xmlns:x=''/>",
        HEAD "<a:b:c xmlns:a='urn:a'/>",
        "<stream:stream>",
        /* only the stream's header binds it */
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        "xmlns:x='urn:x'><message><x:a/></message>",
        "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'><message>"
        "<s:a/></message>",
        "<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'><message>"
        "<a s:b='c'/></message>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuses(texts[i], WIRE_BAD_NAMESPACE);
}

static void faults_are_found_before_the_stanza_ends(void **state)
{
    (void)state;
    refuses(HEAD "<message><body>a</bodi>", WIRE_NOT_WELL_FORMED);
    refuses(HEAD "<message><x:y>", WIRE_BAD_NAMESPACE);
}

static void add_times(struct buf *text, const char *what, int times)
{
    while (times-- > 0)
        buf_add_text(text, what);
}

static enum wire_fault depth_fault(int depth, size_t step)
{
    struct wire_limits limits = {.depth = 5};
    struct record record;
    struct buf text = BUF_INIT;
    record_open(&record, &limits, false);
    buf_add_text(&text, HEAD);
    add_times(&text, "<a>", depth - 1);
    buf_add_text(&text, "<a/>");
    add_times(&text, "</a>", depth - 1);
    enum wire_fault fault = feed_in_steps(record.stream, text.data, text.len, step);
    assert_int_equal(record.stanzas, fault == WIRE_OK);
    record_close(&record);
    buf_free(&text);
    return fault;
}

static void depth_is_limited(void **state)
{
    (void)state;
    for (size_t i = 0; i < STEPS; i++) {
        assert_int_equal(depth_fault(1, steps[i]), WIRE_OK);
        assert_int_equal(depth_fault(5, steps[i]), WIRE_OK);
        assert_int_equal(depth_fault(6, steps[i]), WIRE_TOO_LARGE);
        assert_int_equal(depth_fault(7, steps[i]), WIRE_TOO_LARGE);
    }
}

static enum wire_fault size_fault(int fill, size_t step)
{
    struct wire_limits limits = {.stanza_bytes = 1000};
    struct record record;
    struct buf text = BUF_INIT;
    record_open(&record, &limits, false);
    buf_add_text(&text, HEAD "   <a/> <a>"); /* <a></a>: 7 bytes */
    add_times(&text, "x", fill);
    buf_add_text(&text, "</a><a/>");
    enum wire_fault fault = feed_in_steps(record.stream, text.data, text.len, step);
    record_close(&record);
    buf_free(&text);
    return fault;
}

static void size_is_limited(void **state)
{
    (void)state;
    for (size_t i = 0; i < STEPS; i++) {
        assert_int_equal(size_fault(993, steps[i]), WIRE_OK);
        assert_int_equal(size_fault(994, steps[i]), WIRE_TOO_LARGE);
        assert_int_equal(size_fault(100000, steps[i]), WIRE_TOO_LARGE);
    }
}

static enum wire_fault attrs_fault(int count)
{
    struct record record;
    struct buf text = BUF_INIT;
    record_open(&record, NULL, false);
    buf_add_text(&text, HEAD "<a");
    for (int i = 0; i < count; i++)
        buf_printf(&text, " a%d='='", i);
    buf_add_text(&text, "/>");
    enum wire_fault fault = wire_stream_feed(record.stream, text.data, text.len);
    record_close(&record);
    buf_free(&text);
    return fault;
}

static void attributes_are_limited(void **state)
{
    (void)state;
    assert_int_equal(attrs_fault(WIRE_ATTRS_MAX), WIRE_OK);
    assert_int_equal(attrs_fault(WIRE_ATTRS_MAX + 1), WIRE_TOO_LARGE);
}

static void a_restart_expects_a_new_header(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, NULL, false);
    record.restart_at = 1;
    const char text[] = HEAD "<a/>never read <<<";
    assert_int_equal(wire_stream_feed(record.stream, text, strlen(text)), WIRE_OK);
    const char again[] = "<?xml version='1.0'?>" HEAD "<b/>";
    assert_int_equal(feed_in_steps(record.stream, again, strlen(again), 3), WIRE_OK);
    assert_string_equal(record.text.data, OPENED CLIENT "a \n" OPENED CLIENT "b \n");
    record_close(&record);
}

static void nothing_is_read_after_the_end(void **state)
{
    (void)state;
    reads(HEAD "</stream:stream><a/>garbage", false, OPENED "closed\n");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The time to read one stanza of `children` elements and as much text, byte by byte. */
static double trickle(int children)
{
    struct record record;
    struct buf text = BUF_INIT;
    struct wire_limits limits = {.stanza_bytes = 1u << 30};
    record_open(&record, &limits, false);
    buf_add_text(&text, HEAD "<a>");
    add_times(&text, "<b c='d'/>", children);
    add_times(&text, "0123456789", children);
    buf_add_text(&text, "</a>");
    double before = seconds();
    assert_int_equal(feed_in_steps(record.stream, text.data, text.len, 1), WIRE_OK);
    double taken = seconds() - before;
    assert_int_equal(record.stanzas, 1);
    record_close(&record);
    buf_free(&text);
    return taken;
}

static void a_trickle_costs_linear_time(void **state)
{
    (void)state;
    trickle(1000);
    double one = trickle(10000), eight = trickle(80000);
    assert_true(eight < 32 * one + 0.05);
}

static void feed_distinct_names(struct wire_stream *stream, int from, int count)
{
    struct buf text = BUF_INIT;
    for (int i = from; i < from + count; i++) {
        buf_clear(&text);
        buf_printf(&text, "<a><n%d_%0120d xmlns='urn:n%d' b%d='c'/></a>", i, i, i, i);
        assert_int_equal(wire_stream_feed(stream, text.data, text.len), WIRE_OK);
    }
    buf_free(&text);
}

static void on_nothing(void *user, const struct wire_stanza *stanza)
{
    (void)user;
    (void)stanza;
}

static void distinct_names_take_no_memory(void **state)
{
    (void)state;
    for (int trees = 0; trees < 2; trees++) {
        struct record record = {0};
        struct wire_events events = {&record, on_opened, on_nothing, on_closed};
        struct wire_stream *stream = wire_stream_new(&events, NULL, trees);
        assert_int_equal(wire_stream_feed(stream, HEAD, strlen(HEAD)), WIRE_OK);
        feed_distinct_names(stream, 0, 20000);
        size_t before = mallinfo2().uordblks;
        feed_distinct_names(stream, 20000, 100000); /* 17 MB */
        size_t after = mallinfo2().uordblks;
        assert_true(after < before + 2 * 1024 * 1024);
        wire_stream_free(stream);
        buf_free(&record.text);
    }
}

static void conditions_have_names(void **state)
{
    (void)state;
    assert_string_equal(wire_fault_condition(WIRE_NOT_WELL_FORMED), "not-well-formed");
    assert_string_equal(wire_fault_condition(WIRE_TOO_LARGE), "policy-violation");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stanzas_are_read),
        cmocka_unit_test(inner_is_kept_byte_for_byte),
        cmocka_unit_test(namespaced_root_attributes_are_not_plain),
        cmocka_unit_test(trees_are_built),
        cmocka_unit_test(a_default_namespace_may_be_the_streams),
        cmocka_unit_test(odd_namespace_names_are_accepted),
        cmocka_unit_test(a_declared_encoding_changes_nothing),
        cmocka_unit_test(restricted_xml_is_refused),
        cmocka_unit_test(ill_formed_xml_is_refused),
        cmocka_unit_test(unbound_prefixes_are_refused),
        cmocka_unit_test(faults_are_found_before_the_stanza_ends),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(size_is_limited),
        cmocka_unit_test(attributes_are_limited),
        cmocka_unit_test(a_restart_expects_a_new_header),
        cmocka_unit_test(nothing_is_read_after_the_end),
        cmocka_unit_test(a_trickle_costs_linear_time),
        cmocka_unit_test(distinct_names_take_no_memory),
        cmocka_unit_test(conditions_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
