/* The guard's limits for a stanza. */
#include "guard_fixture.h"

static xmpp_stanza_t *with_children(xmpp_ctx_t *ctx, unsigned children)
{
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, "<m from='a'>");
    add_times(&xml, "<a/>", children);
    buf_add_text(&xml, "<b/>text</m>");
    return parse_and_free(ctx, &xml);
}

static void test_elements(void **state)
{
    xmpp_stanza_t *stanza = with_children(*state, GUARD_MAX_ELEMENTS - 2);
    assert_false(ends_with(stanza, GUARD_CUT));
    assert_int_equal(count_children(stanza), GUARD_MAX_ELEMENTS); /* and the text */
    xmpp_stanza_release(stanza);

    stanza = with_children(*state, GUARD_MAX_ELEMENTS - 1);
    assert_true(ends_with(stanza, GUARD_CUT));
    assert_int_equal(count_children(stanza), GUARD_MAX_ELEMENTS);
    assert_string_equal(xmpp_stanza_get_from(stanza), "a");
    xmpp_stanza_release(stanza);

    stanza = with_children(*state, 65536);
    assert_true(ends_with(stanza, GUARD_CUT));
    assert_int_equal(count_children(stanza), GUARD_MAX_ELEMENTS);
    xmpp_stanza_release(stanza);
}

static unsigned depth_of(xmpp_stanza_t *stanza)
{
    unsigned depth = 0;
    for (; stanza; stanza = xmpp_stanza_get_children(stanza))
        depth++;
    return depth;
}

static xmpp_stanza_t *with_levels(xmpp_ctx_t *ctx, unsigned levels)
{
    struct buf xml = BUF_INIT;
    add_times(&xml, "<a>", levels);
    add_times(&xml, "</a>", levels);
    return parse_and_free(ctx, &xml);
}

static void test_levels(void **state)
{
    xmpp_stanza_t *stanza = with_levels(*state, GUARD_MAX_LEVELS);
    assert_int_equal(depth_of(stanza), GUARD_MAX_LEVELS);
    assert_false(ends_with(stanza, GUARD_CUT));
    xmpp_stanza_release(stanza);
    static const unsigned too_many[] = {GUARD_MAX_LEVELS + 1, 1000, 100000};
    for (size_t i = 0; i < sizeof too_many / sizeof *too_many; i++) {
        stanza = with_levels(*state, too_many[i]);
        assert_int_equal(depth_of(stanza), GUARD_MAX_LEVELS);
        assert_true(ends_with(stanza, GUARD_CUT));
        xmpp_stanza_release(stanza);
    }
}

static void add_attributes(struct buf *xml, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        buf_printf(xml, " a%u=''", i);
}

static void test_attributes_of_a_child(void **state)
{
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, "<m><a");
    add_attributes(&xml, GUARD_MAX_ATTRIBUTES);
    buf_add_text(&xml, "/></m>");
    xmpp_stanza_t *stanza = parse_and_free(*state, &xml);
    assert_int_equal(xmpp_stanza_get_attribute_count(xmpp_stanza_get_children(stanza)),
                     GUARD_MAX_ATTRIBUTES);
    xmpp_stanza_release(stanza);

    buf_add_text(&xml, "<m><a");
    add_attributes(&xml, GUARD_MAX_ATTRIBUTES + 1);
    buf_add_text(&xml, "><b/></a><c/></m>");
    stanza = parse_and_free(*state, &xml);
    assert_true(ends_with(stanza, GUARD_CUT));
    assert_int_equal(count_children(stanza), 1);
    xmpp_stanza_release(stanza);
}

static void test_attributes_of_a_stanza(void **state)
{
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, "<presence");
    add_attributes(&xml, 20000);
    buf_add_text(&xml, " xmlns:x='u' x:from='evil' from='a' to='b' type='unavailable' id='c'>"
                       "<status/></presence>");
    xmpp_stanza_t *stanza = parse_and_free(*state, &xml);
    assert_true(ends_with(stanza, GUARD_CUT));
    assert_int_equal(count_children(stanza), 1);
    assert_string_equal(xmpp_stanza_get_from(stanza), "a");
    assert_string_equal(xmpp_stanza_get_to(stanza), "b");
    assert_string_equal(xmpp_stanza_get_type(stanza), "unavailable");
    assert_string_equal(xmpp_stanza_get_id(stanza), "c");
    assert_int_equal(xmpp_stanza_get_attribute_count(stanza), 4);
    xmpp_stanza_release(stanza);
}

static void test_attributes_of_all_elements(void **state)
{
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, "<m>");
    for (unsigned i = 0; i < GUARD_MAX_ATTRIBUTES_TOTAL / 50 + 1; i++) {
        buf_add_text(&xml, "<a");
        add_attributes(&xml, 50);
        buf_add_text(&xml, "/>");
    }
    buf_add_text(&xml, "</m>");
    xmpp_stanza_t *stanza = parse_and_free(*state, &xml);
    assert_true(ends_with(stanza, GUARD_CUT));
    assert_int_equal(count_children(stanza), GUARD_MAX_ATTRIBUTES_TOTAL / 50 + 1);
    xmpp_stanza_release(stanza);
}

static xmpp_stanza_t *with_text(xmpp_ctx_t *ctx, size_t len)
{
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, "<m><body>");
    memset(buf_reserve(&xml, len), 'x', len);
    xml.len += len;
    buf_add_text(&xml, "</body></m>");
    return parse_and_free(ctx, &xml);
}

static void test_bytes(void **state)
{
    xmpp_stanza_t *stanza = with_text(*state, GUARD_MAX_BYTES - 100);
    assert_false(ends_with(stanza, GUARD_CUT));
    xmpp_stanza_release(stanza);
    stanza = with_text(*state, GUARD_MAX_BYTES);
    assert_true(ends_with(stanza, GUARD_CUT));
    assert_null(xmpp_stanza_get_children(xmpp_stanza_get_child_by_name(stanza, "body")));
    xmpp_stanza_release(stanza);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_attributes_of_a_child),
        cmocka_unit_test(test_attributes_of_a_stanza),
        cmocka_unit_test(test_attributes_of_all_elements),
        cmocka_unit_test(test_bytes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
