/* Slices: where they end, and how lanes share them. */

#include "test_outbox_three.h"

#include <stdio.h>

static void a_slice_ends_with_a_stanza(void **state)
{
    (void)state;
    for (size_t size = 8; size < 70; size++) {
        struct outbox *outbox = fixture_outbox();
        struct audience *audience = three(outbox);
        outbox_fan(outbox, audience, stanza(".@\n"), 0);
        crowd(outbox, audience, "\n", true, 0);
        send_text(outbox, "room", "12345\n");
        outbox_fan(outbox, audience, stanza("@{}\n"), 2);
        outbox_commit(outbox);
        struct buf all = BUF_INIT;
        while (outbox_has_work(outbox)) {
            char *got = take(outbox, size);
            size_t len = strlen(got);
            assert_true(len == 0 || strchr("\n>", got[len - 1]));
            buf_add_text(&all, got);
            free(got);
        }
        assert_string_equal(all.data, ".alice\n.bob\n.bob2\n<a\n><b\n!>12345\nalice\n");
        buf_free(&all);
        end(outbox, audience);
    }
}

static void a_large_fan_does_not_hold_up_others(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "large");
    static struct session crowded[5000];
    for (uint32_t i = 0; i < 5000; i++) {
        crowded[i] = (struct session){.address = "somebody@somewhere.example", .owner = i + 1};
        session_join(audience, &crowded[i]);
    }
    for (int i = 0; i < 3; i++)
        outbox_fan(outbox, audience, stanza("<message to='@'>to all</message>"), 0);
    outbox_commit(outbox);
    free(take(outbox, SLICE));
    for (int i = 0; i < 40; i++) {
        char name[32], text[32];
        snprintf(name, sizeof name, "small%d", i);
        snprintf(text, sizeof text, "[first of %d]", i);
        send_text(outbox, name, text);
        send_text(outbox, name, "[second]");
    }
    outbox_commit(outbox);
    char *got = take(outbox, SLICE);
    for (int i = 0; i < 40; i++) {
        char text[32];
        snprintf(text, sizeof text, "[first of %d][second]", i);
        assert_non_null(strstr(got, text));
    }
    assert_non_null(strstr(got, "to all"));
    assert_true(strlen(got) > SLICE - 64);
    free(got);
    end(outbox, audience);
}

static void lanes_with_much_work_share_a_slice(void **state)
{
    (void)state;
    enum { LANES = 50, STANZAS = 300 };
    struct outbox *outbox = fixture_outbox();
    for (int i = 0; i < LANES * STANZAS; i++) {
        char name[] = {(char)('0' + i % LANES), '\0'};
        char text[] = {'<', name[0], '>', '\0'};
        struct lane *lane = outbox_lane(outbox, span_of(name));
        struct buf bytes = BUF_INIT;
        buf_printf(&bytes, "%s%0*d", text, 97, 0);
        outbox_send(outbox, lane, rendered_new(buf_span(&bytes), RENDERED_NO_TO, NULL, 0));
        buf_free(&bytes);
        lane_unref(lane);
    }
    outbox_commit(outbox);
    char *got = take(outbox, SLICE);
    for (int i = 0; i < LANES; i++)
        assert_non_null(strstr(got, (char[]){'<', (char)('0' + i), '>', '\0'}));
    free(got);
    outbox_free(outbox);
}

static void a_stanza_that_does_not_fit_begins_the_next_slice(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    send_text(outbox, "a", "1234567");
    send_text(outbox, "b", "12345678");
    send_text(outbox, "c", "1");
    outbox_commit(outbox);
    expect_take(outbox, 8, "1234567");
    expect_take(outbox, 8, "12345678");
    expect_all(outbox, "1");
    outbox_free(outbox);
}

static void a_slice_is_not_larger_than_it_aims_to_be(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    for (int i = 0; i < 20000; i++)
        outbox_fan(outbox, audience, stanza("0123456789@"), 0);
    outbox_commit(outbox);
    char *slice = take(outbox, OUTBOX_SLICE_MIN);
    assert_in_range(strlen(slice), OUTBOX_SLICE_AIM - 16, OUTBOX_SLICE_AIM);
    free(slice);
    end(outbox, audience);
}

/* The longest stanza, between two short ones, goes to the longest addresses. */
static void the_longest_stanza_goes_through(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    char *bytes = test_malloc(OUTBOX_SLICE_MIN);
    memset(bytes, 'x', OUTBOX_STANZA_MAX);
    struct session far[2];
    struct blob *address = blob_new((struct span){bytes, OUTBOX_ADDRESS_MAX});
    struct audience_entry entry = {.address = address, .owner = 1};
    audience_add(audience, &far[0].seat, &entry);
    audience_add(audience, &far[1].seat, &entry);
    blob_unref(address);

    send_text(outbox, "room", "before");
    outbox_fan(outbox, audience, rendered_new((struct span){bytes, OUTBOX_STANZA_MAX}, 10, NULL, 0),
               0);
    send_text(outbox, "room", "after");
    outbox_commit(outbox);
    uint64_t weight = 0;
    expect_take(outbox, OUTBOX_SLICE_MIN, "before");
    assert_int_equal(outbox_take(outbox, bytes, OUTBOX_SLICE_MIN, UINT64_MAX, &weight),
                     OUTBOX_SLICE_MIN);
    assert_int_equal(outbox_take(outbox, bytes, OUTBOX_SLICE_MIN, UINT64_MAX, &weight),
                     OUTBOX_SLICE_MIN);
    expect_all(outbox, "after");
    test_free(bytes);
    end(outbox, audience);
}

/* A lane with much to send does not begin every slice, however small the slices are. */
static void small_slices_are_shared(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "large");
    static struct session crowded[500];
    for (uint32_t i = 0; i < 500; i++) {
        crowded[i] = (struct session){.address = "somebody@somewhere.example", .owner = i + 1};
        session_join(audience, &crowded[i]);
    }
    outbox_fan(outbox, audience, stanza("<message to='@'>to all</message>"), 0);
    outbox_commit(outbox);
    char bytes[200];
    uint64_t weight = 0;
    outbox_take(outbox, bytes, sizeof bytes, 2 * OUTBOX_COPY_WEIGHT, &weight);
    for (int i = 0; i < 20; i++)
        send_text(outbox, "small", "[small]");
    outbox_commit(outbox);
    unsigned copies = 0, small = 0;
    while (small < 20 && outbox_has_work(outbox)) {
        size_t len = outbox_take(outbox, bytes, sizeof bytes - 1, 2 * OUTBOX_COPY_WEIGHT, &weight);
        bytes[len] = '\0';
        for (const char *at = bytes; (at = strstr(at, "[small]")); at++)
            small++;
        for (const char *at = bytes; (at = strstr(at, "to all")); at++)
            copies++;
    }
    assert_int_equal(small, 20);
    assert_in_range(copies, 1, 60);
    end(outbox, audience);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slice_ends_with_a_stanza),
        cmocka_unit_test(a_large_fan_does_not_hold_up_others),
        cmocka_unit_test(small_slices_are_shared),
        cmocka_unit_test(lanes_with_much_work_share_a_slice),
        cmocka_unit_test(a_stanza_that_does_not_fit_begins_the_next_slice),
        cmocka_unit_test(a_slice_is_not_larger_than_it_aims_to_be),
        cmocka_unit_test(the_longest_stanza_goes_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
