/* Streams that share a parser read the same as streams that have one each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <malloc.h>

#include "stream_record.h"

/* A small random generator with a fixed sequence. */
static unsigned chance(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % below;
}

#define STREAMS 5
#define OTHER_HEAD                                                                                 \
    "<s:stream xmlns='jabber:server' xmlns:s='http://etherx.jabber.org/streams' to='localhost'>"

/* Several streams read in random turns; none affects another. */
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

/* A parser alone needs more than 10 KiB. */
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

/* The names of many streams are forgotten like those of one. */
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
        cmocka_unit_test(streams_share_a_parser),
        cmocka_unit_test(an_idle_stream_needs_little),
        cmocka_unit_test(a_shared_parser_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
