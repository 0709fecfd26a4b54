/* A slice with a long tag is followed by as many spaces, for parsers that wait for twice the bytes.
 */

#include "link/link_private.h"
#include "link_fixture.h"

#define ROOM 200000
#define LONG 20000

static char slice[ROOM];

static size_t add(size_t len, const char *text)
{
    memcpy(slice + len, text, strlen(text));
    return len + strlen(text);
}

static size_t add_many(size_t len, char byte, size_t count)
{
    memset(slice + len, byte, count);
    return len + count;
}

static size_t add_tag(size_t len, size_t count)
{
    len = add(len, "<a b='");
    len = add_many(len, 'x', count - strlen("<a b=''/>"));
    return add(len, "'/>");
}

static void expect_pad(size_t len, size_t pad)
{
    memset(slice + len, '?', ROOM - len);
    assert_int_equal(link_pad_take(slice, len, ROOM), pad);
    for (size_t i = 0; i < pad; i++)
        assert_int_equal(slice[len + i], ' ');
    if (len + pad < ROOM)
        assert_int_equal(slice[len + pad], '?');
}

static void many_short_tags_need_none(void **state)
{
    (void)state;
    size_t len = 0;
    for (int i = 0; i < 500; i++)
        len = add(len, "<message to='a@localhost'><body>text</body></message>");
    expect_pad(len, 0);
    expect_pad(0, 0);
    expect_pad(add(0, "<iq/>"), 0);
}

static void long_text_needs_none(void **state)
{
    (void)state;
    size_t len = add(0, "<message><body>");
    len = add_many(len, 'x', LONG);
    expect_pad(add(len, "</body></message>"), 0);
}

/* At any offset, with any tags beside it. */
static void a_long_tag_needs_its_length(void **state)
{
    (void)state;
    for (size_t before = 0; before < 1500; before += 7) {
        size_t len = add(add_many(add(0, "<message><body>"), 'x', before), "</body>");
        len = add(add_tag(len, LONG + before), "</message><message/>");
        expect_pad(len, LONG + before);
        expect_pad(add_tag(0, 1023 + before), 1023 + before);
    }
}

static void the_longest_counts(void **state)
{
    (void)state;
    size_t len = add_tag(add_tag(add_tag(0, 3000), LONG), 5000);
    len = add_many(add(len, "<body>"), 'x', 3 * LONG);
    expect_pad(add(len, "</body>"), LONG);
}

static void no_more_than_there_is_room_for(void **state)
{
    (void)state;
    expect_pad(add_tag(0, ROOM / 4 * 3), ROOM / 4);
}

static void the_server_gets_them_behind_everything(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    size_t len = add_tag(0, LONG), before = fixture->heard.len;
    slice[len] = '\0';
    fixture->instead = slice;
    link_wake(fixture->link);
    run_for(fixture, 50);
    const struct buf *heard = &fixture->heard;
    assert_in_range(heard->len - before, 2 * LONG, 2 * LONG + LINK_PING_BYTES);
    for (size_t i = heard->len - LONG; i < heard->len; i++)
        assert_int_equal(heard->data[i], ' ');
    assert_int_equal(heard->data[heard->len - LONG - 1], '>');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_short_tags_need_none),
        cmocka_unit_test(long_text_needs_none),
        cmocka_unit_test(a_long_tag_needs_its_length),
        cmocka_unit_test(the_longest_counts),
        cmocka_unit_test(no_more_than_there_is_room_for),
        cmocka_unit_test_setup_teardown(the_server_gets_them_behind_everything, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
