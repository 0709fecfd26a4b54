/* Result sets (XEP-0059): requests for a page, and its description. */
#include "coven/ns.h"
#include "coven/rsm.h"
#include "xml_fixture.h"

#define MAX 50

/* Reads a query whose set has these children; NULL: a query without one. */
static bool read_set(const char *children, struct rsm *rsm_r)
{
    struct buf text = BUF_INIT;
    buf_add_text(&text, "<query xmlns='urn:example'>");
    if (children)
        buf_printf(&text, "<set xmlns='" NS_RSM "'>%s</set>", children);
    buf_add_text(&text, "</query>");
    xmpp_stanza_t *query = xmpp_stanza_new_from_string(ctx, text.data);
    assert_non_null(query);
    bool good = rsm_read(query, MAX, rsm_r);
    xmpp_stanza_release(query);
    buf_free(&text);
    return good;
}

static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *children;
        struct rsm wanted;
    } rows[] = {
        {NULL, {false, RSM_START, MAX, 0, NULL}},
        {"", {true, RSM_START, MAX, 0, NULL}},
        {"<max>10</max>", {true, RSM_START, 10, 0, NULL}},
        {"<max>0</max>", {true, RSM_START, 0, 0, NULL}},
        {"<max>999999999</max>", {true, RSM_START, MAX, 0, NULL}},
        {"<max>99999999999999999999</max>", {true, RSM_START, MAX, 0, NULL}},
        {"<index>4294967296</index>", {true, RSM_INDEX, MAX, UINT32_MAX, NULL}},
        {"<max>5</max><after>one</after>", {true, RSM_AFTER, 5, 0, "one"}},
        {"<after/>", {true, RSM_START, MAX, 0, NULL}},
        {"<before>two</before>", {true, RSM_BEFORE, MAX, 0, "two"}},
        {"<before/><max>3</max>", {true, RSM_BEFORE, 3, 0, ""}},
        {"<index>7</index><max>2</max>", {true, RSM_INDEX, 2, 7, NULL}},
        {"<index>0</index>", {true, RSM_INDEX, MAX, 0, NULL}},
        {"<max xmlns='urn:other'>x</max>", {true, RSM_START, MAX, 0, NULL}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rsm rsm;
        assert_true(read_set(rows[i].children, &rsm));
        assert_int_equal(rsm.given, rows[i].wanted.given);
        assert_int_equal(rsm.from, rows[i].wanted.from);
        assert_int_equal(rsm.max, rows[i].wanted.max);
        assert_int_equal(rsm.index, rows[i].wanted.index);
        if (rows[i].wanted.key)
            assert_string_equal(rsm.key, rows[i].wanted.key);
        else
            assert_null(rsm.key);
        rsm_free(&rsm);
    }
}

static void test_malformed(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "<max/>",
        "<max>ten</max>",
        "<max>-1</max>",
        "<max>1.5</max>",
        "<max> 1</max>",
        "<max>9999999999999999999x</max>",
        "<index/>",
        "<index>-1</index>",
        "<index>1x</index>",
        "<after>a</after><before>b</before>",
        "<after>a</after><index>1</index>",
        "<before>a</before><max>x</max>",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rsm rsm = {.max = 12345};
        if (read_set(rows[i], &rsm))
            fail_msg("this was accepted: %s", rows[i]);
        assert_int_equal(rsm.max, 12345);
    }
}

static void check_written(struct rsm_part part, const char *wanted)
{
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    xml_open(&xml, "query", "urn:example");
    rsm_write(&xml, &part);
    xml_close(&xml);
    assert_string_equal(out.data, wanted);
    buf_free(&out);
}

#define QUERY(set) "<query xmlns='urn:example'>" set "</query>"
#define SET        "<set xmlns='" NS_RSM "'"

static void test_write(void **state)
{
    (void)state;
    struct span a = span_of("a<"), b = span_of("b");
    check_written((struct rsm_part){a, b, 4, 9},
                  QUERY(SET "><first index='4'>a&lt;</first><last>b</last><count>9</count></set>"));
    check_written((struct rsm_part){a, b, -1, -1},
                  QUERY(SET "><first>a&lt;</first><last>b</last></set>"));
    check_written((struct rsm_part){.index = 0, .count = 800},
                  QUERY(SET "><count>800</count></set>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_write),
    };
    return cmocka_run_group_tests_name("rsm", tests, setup, teardown);
}
