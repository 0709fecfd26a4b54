/* What a server takes as a stanza for many, and the copies of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coven/ns.h"
#include "stream_record.h"
#include "wire/multi.h"

#define HEADER           "<stream:stream xmlns='" NS_COMPONENT "' xmlns:stream='" NS_STREAM "'>"
#define DOMAIN           "rooms.localhost"
#define KEY              "k3y"
#define MULTI(key, list) "<multi xmlns='" NS_MULTI "' key='" key "'>" list "</multi>"
#define MESSAGE(inner)   "<message from='a@" DOMAIN "/n' to='" DOMAIN "'>" inner "</message>"

struct seen {
    struct buf text;
    bool asks, taken;
};

static void ignore_header(void *user, const struct wire_root *header)
{
    (void)user, (void)header;
}

static void ignore_end(void *user)
{
    (void)user;
}

static void note_copy(struct seen *seen, const struct wire_stanza *copy)
{
    xmlBuffer *dump = xmlBufferCreate();
    for (const xmlNode *child = copy->tree->children; child; child = child->next)
        xmlNodeDump(dump, copy->tree->doc, (xmlNode *)(uintptr_t)child, 0, 0);
    size_t len = strlen((const char *)xmlBufferContent(dump));
    buf_printf(&seen->text, "%s|%.*s%s\n", wire_attr(&copy->root, "to"), (int)copy->inner.len,
               copy->inner.at, (len > 0) == (copy->inner.len > 0) ? "" : " and another tree");
    assert_string_equal(wire_attr(&copy->root, "from"), "a@" DOMAIN "/n");
    xmlBufferFree(dump);
}

static void take(void *user, const struct wire_stanza *stanza)
{
    struct seen *seen = user;
    struct wire_multi multi;
    seen->asks = wire_multi_asks(stanza, DOMAIN);
    seen->taken = wire_multi_open(&multi, stanza, DOMAIN, KEY);
    if (!seen->taken)
        return;
    for (const struct wire_stanza *copy; (copy = wire_multi_next(&multi));)
        note_copy(seen, copy);
    wire_multi_close(&multi);
}

static struct seen see(const char *text)
{
    struct seen seen = {.asks = false};
    struct wire_events events = {&seen, ignore_header, take, ignore_end};
    struct wire_stream *stream = wire_stream_new(&events, NULL, true);
    assert_int_equal(wire_stream_feed(stream, HEADER, strlen(HEADER)), WIRE_OK);
    assert_int_equal(feed_in_steps(stream, text, strlen(text), 7), WIRE_OK);
    wire_stream_free(stream);
    return seen;
}

static void expect_copies(const char *text, const char *copies)
{
    struct seen seen = see(text);
    assert_true(seen.taken);
    assert_string_equal(seen.text.data, copies);
    buf_free(&seen.text);
}

static void each_recipient_gets_a_copy(void **state)
{
    (void)state;
    expect_copies(MESSAGE(MULTI(KEY, "u@b/c\td@b/My &amp; &apos;Phone") "<body>x &lt; y</body>"),
                  "u@b/c|<body>x &lt; y</body>\nd@b/My & 'Phone|<body>x &lt; y</body>\n");
    expect_copies(MESSAGE(MULTI(KEY, "\tu@b/c\t\td@b\t")), "u@b/c|\nd@b|\n");
    expect_copies("<presence to='" DOMAIN "' from='a@" DOMAIN
                  "/n'>" MULTI(KEY, "u@b/c") "<show>away</show></presence>",
                  "u@b/c|<show>away</show>\n");
    expect_copies(MESSAGE(MULTI(KEY, "u@b") MULTI(KEY, "d@b")), "u@b|" MULTI(KEY, "d@b") "\n");
}

static void everything_else_stays_whole(void **state)
{
    (void)state;
    static const char *const others[] = {
        MESSAGE(MULTI("other", "u@b/c")),
        MESSAGE(MULTI("", "u@b/c")),
        MESSAGE("<multi xmlns='" NS_MULTI "'>u@b/c</multi>"),
        MESSAGE("<multi xmlns='" NS_MULTI "' key='" KEY "'/><body>Hi</body>"),
        MESSAGE(MULTI(KEY, "")),
        MESSAGE(MULTI(KEY, "\t\t")),
        MESSAGE(MULTI(KEY, "u@b/c<a/>")),
        MESSAGE(MULTI(KEY, "<a>u@b/c</a>")),
        MESSAGE("<body>Hi</body>" MULTI(KEY, "u@b/c")),
        MESSAGE("Hi" MULTI(KEY, "u@b/c")),
        MESSAGE("<multi key='" KEY "'>u@b/c</multi>"),
        MESSAGE(""),
        "<message from='a@" DOMAIN "/n' to='b@" DOMAIN "'>" MULTI(KEY, "u@b/c") "</message>",
        "<iq type='set' from='" DOMAIN "' to='" DOMAIN "'>" MULTI(KEY, "u@b/c") "</iq>",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct seen seen = see(others[i]);
        assert_false(seen.taken);
        assert_false(seen.asks);
    }
}

static void lists_have_limits(void **state)
{
    (void)state;
    for (size_t count = WIRE_MULTI_RECIPIENTS; count <= WIRE_MULTI_RECIPIENTS + 1; count++) {
        struct buf text = BUF_INIT;
        buf_add_text(&text, "<message from='a@" DOMAIN "/n' to='" DOMAIN "'><multi xmlns='" NS_MULTI
                            "' key='" KEY "'>");
        for (size_t i = 0; i < count; i++)
            buf_printf(&text, "u%zu@b/c\t", i);
        buf_add_text(&text, "</multi></message>");
        struct seen seen = see(text.data);
        assert_int_equal(seen.taken, count == WIRE_MULTI_RECIPIENTS);
        buf_free(&seen.text);
        buf_free(&text);
    }
}

/* The limit of bytes is that of the whole stanza. */
static void bytes_have_limits(void **state)
{
    (void)state;
    static const char begin[] =
        "<message from='a@" DOMAIN "/n' to='" DOMAIN "'>" MULTI(KEY, "u@b/c") "<body>",
                      end[] = "</body></message>";
    for (size_t over = 0; over <= 1; over++) {
        struct buf text = BUF_INIT;
        buf_add_text(&text, begin);
        while (text.len < WIRE_MULTI_BYTES + over - strlen(end))
            buf_add_char(&text, 'x');
        buf_add_text(&text, end);
        struct seen seen = see(text.data);
        assert_int_equal(seen.taken, over == 0);
        buf_free(&seen.text);
        buf_free(&text);
    }
}

#define ASK "<multi xmlns='" NS_MULTI "'/></iq>"

static void the_question_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool asks;
    } questions[] = {
        {"<iq type='get' id='1' from='" DOMAIN "' to='" DOMAIN "'>" ASK, true},
        {"<iq type='set' id='1' from='" DOMAIN "' to='" DOMAIN "'>" ASK, false},
        {"<iq type='get' id='1' from='a@" DOMAIN "' to='" DOMAIN "'>" ASK, false},
        {"<iq type='get' id='1' from='" DOMAIN "' to='localhost'>" ASK, false},
        {"<iq type='get' id='1' from='" DOMAIN "' to='" DOMAIN "'><multi xmlns='a'/></iq>", false},
    };
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct seen seen = see(questions[i].text);
        assert_int_equal(seen.asks, questions[i].asks);
        assert_false(seen.taken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_recipient_gets_a_copy), cmocka_unit_test(everything_else_stays_whole),
        cmocka_unit_test(lists_have_limits),          cmocka_unit_test(bytes_have_limits),
        cmocka_unit_test(the_question_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
