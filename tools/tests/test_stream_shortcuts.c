/* The two ways to read for less, repeats and a shared parser: what comes out is the same as without
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <malloc.h>

#include "stream_record.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- Repeats ---- */

/* How one reads the text, in any steps, is how the other reads it. */
static size_t reads_alike(const char *text, size_t len, size_t step)
{
    struct record plain, fast;
    record_open(&plain, NULL, false);
    record_open(&fast, NULL, false);
    wire_stream_expect_repeats(fast.stream);
    enum wire_fault expected = feed_in_steps(plain.stream, text, len, step);
    enum wire_fault found = feed_in_steps(fast.stream, text, len, step);
    assert_int_equal(found, expected);
    assert_string_equal(fast.text.data, plain.text.data);
    assert_int_equal(plain.repeats, 0);
    size_t repeats = fast.repeats;
    record_close(&plain);
    record_close(&fast);
    return repeats;
}

static size_t repeats_in(const char *stanzas)
{
    static const size_t steps[] = {1, 5, 50, 4096};
    struct buf text = BUF_INIT;
    buf_add_text(&text, HEAD);
    buf_add_text(&text, stanzas);
    for (size_t i = 0; i < COUNT(steps); i++)
        reads_alike(text.data, text.len, steps[i]);
    size_t repeats = reads_alike(text.data, text.len, text.len);
    buf_free(&text);
    return repeats;
}

static void the_same_to_another_is_a_repeat(void **state)
{
    (void)state;
    assert_int_equal(repeats_in("<a to='x'/><a to='yy'/><a to=''/> \n<a to='x>\"'/>"), 3);
    assert_int_equal(repeats_in("<a id=\"'\" to=\"x\" b='c'><b to='x'>&lt;</b></a>"
                                "<a id=\"'\" to=\"it's\" b='c'><b to='x'>&lt;</b></a>"
                                "<a id=\"'\" to=\"\xc3\xa9\" b='c'><b to='x'>&lt;</b></a>"),
                     2);
    assert_int_equal(repeats_in("<a x=' to=' to='b'/><a x=' to=' to='c'/><a x=' to=' to='d'/>"), 2);
}

static void what_differs_in_more_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<a to='x'/><b to='x'/><a to='x'/>",
        "<a to='x'/><a to=\"x\"/>",
        "<a to='x'/><a to='y' />",
        "<a to='x'>b</a><a to='y'>c</a>",
        "<a from='x'/><a from='y'/>",
        "<a xmlns:s='urn:s' s:to='x'/><a xmlns:s='urn:s' s:to='y'/>",
        "<a b=' to='/><a b=' to='/>",
        "<a><b to='x'/></a><a><b to='y'/></a>",
        "<a to='x'/><a to='&amp;'/>",
        "<a to='x'/><a to='a\tb'/>",
        "<a to='x'/><a to='y' b='c'/>",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(repeats_in(texts[i]), 0);
}

/* Nobody can bring in by an address what a parser would refuse. */
static void an_address_is_judged(void **state)
{
    (void)state;
    static const char *const values[] = {"<",    "&x;",          "\x01",         "\xff",
                                         "\xc0", "\xed\xa0\x80", "\xef\xbf\xbf", "&#0;"};
    for (size_t i = 0; i < COUNT(values); i++) {
        struct record record;
        struct buf text = BUF_INIT;
        buf_printf(&text, HEAD "<a to='x'/><a to='%s'/>", values[i]);
        record_open(&record, NULL, false);
        wire_stream_expect_repeats(record.stream);
        assert_int_equal(wire_stream_feed(record.stream, text.data, text.len),
                         WIRE_NOT_WELL_FORMED);
        record_close(&record);
        buf_free(&text);
    }
}

static void a_repeat_may_be_too_large(void **state)
{
    (void)state;
    struct wire_limits limits = {.stanza_bytes = 20};
    struct record record;
    record_open(&record, &limits, false);
    wire_stream_expect_repeats(record.stream);
    buf_clear(&record.text);
    assert_int_equal(wire_stream_feed(record.stream, "<stream to='x'>", 15), WIRE_OK);
    const char fits[] = "<a to='x'/><a to='1234567890'/>", more[] = "<a to='12345678901'/>";
    assert_int_equal(wire_stream_feed(record.stream, fits, strlen(fits)), WIRE_OK);
    assert_int_equal(record.repeats, 1);
    assert_int_equal(wire_stream_feed(record.stream, more, strlen(more)), WIRE_TOO_LARGE);
    record_close(&record);
}

/* A small generator, the same in each run. */
static unsigned chance(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % below;
}

static void add_value(struct buf *text, uint64_t *seed)
{
    static const char *const pieces[] = {"a", "b@c/d", " ",    "to=", "é", "\"", ">",
                                         "/", "'",     "&gt;", "<",   "&", "\n", "\xff"};
    for (unsigned i = chance(seed, 4); i > 0; i--) {
        unsigned rarely = chance(seed, 8) ? 8 : (unsigned)COUNT(pieces);
        buf_add_text(text, pieces[chance(seed, rarely)]);
    }
}

static void add_stanza(struct buf *text, uint64_t *seed)
{
    static const char *const heads[] = {"<a to='", "<a id='1' to='", "<a to=\"", "<s:a to='"};
    static const char *const tails[] = {"'/>", "' b='c'><b to='x'/></a>", "\"/>", "'></a>"};
    unsigned kind = chance(seed, 8) ? 1 : chance(seed, 4);
    buf_add_text(text, heads[kind]);
    add_value(text, seed);
    buf_add_text(text, tails[chance(seed, 20) ? kind : chance(seed, 4)]);
}

static void by_chance_they_read_alike(void **state)
{
    (void)state;
    uint64_t seed = 1;
    size_t repeats = 0;
    for (int round = 0; round < 3000; round++) {
        struct buf text = BUF_INIT;
        buf_add_text(&text, HEAD);
        for (unsigned i = chance(&seed, 20); i > 0; i--)
            add_stanza(&text, &seed);
        repeats += reads_alike(text.data, text.len, 1 + chance(&seed, 300));
        buf_free(&text);
    }
    assert_true(repeats > 3000);
}

/* ---- A shared parser ---- */

#define STREAMS 5
#define OTHER_HEAD                                                                                 \
    "<s:stream xmlns='jabber:server' xmlns:s='http://etherx.jabber.org/streams' to='localhost'>"

/* Each of several streams says its own, in turns of any length: none hears of another. */
static void shared_in_turns(uint64_t *seed)
{
    static const char *const texts[STREAMS] = {
        HEAD "<a to='x'><b xmlns:c='urn:c'><c:d/></b></a><e/></stream:stream>",
        HEAD "<message><body>x</body></message> <message xml:lang='de'/>",
        OTHER_HEAD "<f><g xmlns='urn:g'/></f><h/>",
        HEAD "<i><c:d/></i>",
        HEAD "<j><k></j>",
    };
    struct wire_spare *spare = wire_spare_new();
    struct record shared[STREAMS], alone[STREAMS];
    size_t at[STREAMS] = {0}, left = 0;
    for (size_t i = 0; i < STREAMS; i++) {
        record_open(&alone[i], NULL, false);
        record_open(&shared[i], NULL, false);
        wire_stream_share(shared[i].stream, spare);
        left += strlen(texts[i]);
    }
    while (left) {
        unsigned i = chance(seed, STREAMS);
        size_t rest = strlen(texts[i]) - at[i], len = 1 + chance(seed, 40);
        len = len < rest ? len : rest;
        enum wire_fault fault = wire_stream_feed(alone[i].stream, texts[i] + at[i], len);
        assert_int_equal(wire_stream_feed(shared[i].stream, texts[i] + at[i], len), fault);
        at[i] += len;
        left -= len;
    }
    for (size_t i = 0; i < STREAMS; i++) {
        assert_string_equal(shared[i].text.data, alone[i].text.data);
        record_close(&alone[i]);
        record_close(&shared[i]);
    }
    wire_spare_free(spare);
}

static void streams_share_a_parser(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 500; round++)
        shared_in_turns(&seed);
}

static void feed(struct record *record, const char *text)
{
    assert_int_equal(wire_stream_feed(record->stream, text, strlen(text)), WIRE_OK);
}

/* What a parser alone needs is more than 10 KiB. */
static void an_idle_stream_needs_little(void **state)
{
    (void)state;
    enum { IDLE = 200 };
    struct wire_spare *spare = wire_spare_new();
    static struct record records[IDLE];
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < IDLE; i++) {
        record_open(&records[i], NULL, false);
        wire_stream_share(records[i].stream, spare);
        feed(&records[i], HEAD "<message><body>x</body></message>");
    }
    assert_true(mallinfo2().uordblks - before < (size_t)IDLE * 6 * 1024);
    for (int i = 0; i < IDLE; i++)
        record_close(&records[i]);
    wire_spare_free(spare);
}

/* Names that many streams bring are forgotten as those of one are. */
static void a_shared_parser_does_not_grow(void **state)
{
    (void)state;
    struct wire_spare *spare = wire_spare_new();
    struct record records[2];
    struct buf text = BUF_INIT;
    for (int i = 0; i < 2; i++) {
        record_open(&records[i], NULL, false);
        wire_stream_share(records[i].stream, spare);
        feed(&records[i], HEAD);
    }
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < 50000; i++) {
        buf_clear(&text);
        buf_printf(&text, "<a><n%d_%0120d xmlns='urn:n%d'/></a>", i, i, i);
        feed(&records[i % 2], text.data);
        buf_clear(&records[i % 2].text);
    }
    assert_true(mallinfo2().uordblks < before + 2 * 1024 * 1024);
    for (int i = 0; i < 2; i++)
        record_close(&records[i]);
    wire_spare_free(spare);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_to_another_is_a_repeat),
        cmocka_unit_test(what_differs_in_more_is_none),
        cmocka_unit_test(an_address_is_judged),
        cmocka_unit_test(a_repeat_may_be_too_large),
        cmocka_unit_test(by_chance_they_read_alike),
        cmocka_unit_test(streams_share_a_parser),
        cmocka_unit_test(an_idle_stream_needs_little),
        cmocka_unit_test(a_shared_parser_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
