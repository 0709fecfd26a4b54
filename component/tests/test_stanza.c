/* Reading stanzas, and stanza errors. */
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stanza_error.h"
#include "xml_fixture.h"

static void test_is(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name, *ns;
        bool is;
    } rows[] = {
        {"<iq xmlns='jabber:client'/>", "iq", NS_CLIENT, true},
        {"<iq xmlns='jabber:component:accept'/>", "iq", NS_CLIENT, true},
        {"<iq xmlns='jabber:client'/>", "iq", NULL, true},
        {"<iq xmlns='jabber:client'/>", NULL, NS_CLIENT, true},
        {"<iq xmlns='jabber:client'/>", NULL, NULL, true},
        {"<iq/>", "iq", "", true},
        {"<iq xmlns=''/>", "iq", "", true},
        {"<iq/>", "iq", NS_CLIENT, false},
        {"<iq xmlns='jabber:client'/>", "iq", "", false},
        {"<iq xmlns='jabber:client'/>", "i", NS_CLIENT, false},
        {"<iq xmlns='jabber:client'/>", "iqs", NS_CLIENT, false},
        {"<iq xmlns='jabber:client'/>", "IQ", NS_CLIENT, false},
        {"<iq xmlns='jabber:client:'/>", "iq", NS_CLIENT, false},
        {"<iq xmlns='jabber:server'/>", "iq", NS_CLIENT, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_stanza_t *stanza = parse(rows[i].text);
        assert_int_equal(stanza_is(stanza, rows[i].name, rows[i].ns), rows[i].is);
        xmpp_stanza_release(stanza);
    }
}

static const char *const family =
    "<message xmlns='jabber:component:accept' from='a@b' type='chat'>text"
    "<x xmlns='urn:one' n='1'/>more<x xmlns='urn:two' n='2'/><body>first</body>"
    "<x xmlns='urn:one' n='3'/><body>second</body><empty xmlns=''/></message>";

static void test_attributes(void **state)
{
    (void)state;
    xmpp_stanza_t *message = parse(family);
    assert_string_equal(stanza_attr(message, "from"), "a@b");
    assert_string_equal(stanza_attr(message, "type"), "chat");
    assert_null(stanza_attr(message, "to"));
    assert_string_equal(stanza_ns(message), NS_CLIENT);
    xmpp_stanza_release(message);
}

static void test_children(void **state)
{
    (void)state;
    static const struct {
        const char *name, *ns;
        const char *numbers; /* what the elements' attribute n says, '-' for none */
    } rows[] = {
        {"x", NULL, "123"},      {"x", "urn:one", "13"},  {"x", "urn:two", "2"},
        {NULL, "urn:one", "13"}, {NULL, NULL, "12-3--"},  {"body", NS_CLIENT, "--"},
        {"body", "urn:one", ""}, {"empty", "", "-"},      {"empty", NS_CLIENT, ""},
        {"y", NULL, ""},         {NULL, "urn:three", ""},
    };
    xmpp_stanza_t *message = parse(family);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char numbers[8] = "";
        size_t count = 0;
        xmpp_stanza_t *child = stanza_child(message, rows[i].name, rows[i].ns);
        for (; child; child = stanza_next(child, rows[i].name, rows[i].ns)) {
            const char *n = stanza_attr(child, "n");
            numbers[count++] = n ? *n : '-';
        }
        assert_string_equal(numbers, rows[i].numbers);
    }
    xmpp_stanza_release(message);
}

static void test_text(void **state)
{
    (void)state;
    static const struct {
        const char *stanza, *text;
    } rows[] = {
        {"<a/>", ""},
        {"<a></a>", ""},
        {"<a>b</a>", "b"},
        {"<a>b<c>d</c>e</a>", "be"},
        {"<a><c>d</c></a>", ""},
        {"<a>&lt;&amp;<![CDATA[<>]]>é</a>", "<&<>é"},
        {"<a> \n </a>", " \n "},
        {"<a><c/>b</a>", "b"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_stanza_t *stanza = parse(rows[i].stanza);
        char *text = stanza_text(stanza);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(stanza_has_text(stanza), *rows[i].text != '\0');
        free(text);
        xmpp_stanza_release(stanza);
    }
}

static void test_says(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        bool says;
    } rows[] = {
        {"<message xmlns='jabber:client'/>", false},
        {"<message xmlns='jabber:client'><body/></message>", false},
        {"<message xmlns='jabber:client'><body><b>bold</b></body></message>", false},
        {"<message xmlns='jabber:client'><body/><body xml:lang='en'>Ho</body></message>", true},
        {"<message xmlns='jabber:client'><body xmlns='urn:one'>Ho</body></message>", false},
        {"<message xmlns='jabber:client'><subject>Ho</subject><body/></message>", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_stanza_t *message = parse(rows[i].message);
        assert_int_equal(stanza_says(message, "body", NS_CLIENT), rows[i].says);
        xmpp_stanza_release(message);
    }
}

static void test_child_text(void **state)
{
    (void)state;
    xmpp_stanza_t *message = parse(family);
    char *body = stanza_child_text(message, "body", NS_CLIENT);
    char *x = stanza_child_text(message, "x", "urn:two");
    assert_string_equal(body, "first");
    assert_string_equal(x, "");
    assert_null(stanza_child_text(message, "subject", NS_CLIENT));
    assert_null(stanza_child_text(message, "body", "urn:one"));
    free(body);
    free(x);
    xmpp_stanza_release(message);
}

struct sum {
    int count, total;
};

static void attr_sum(void *user, const char *name, const char *value)
{
    struct sum *sum = user;
    assert_int_equal(name[0], 'a');
    assert_string_equal(name + 1, value);
    sum->count++;
    sum->total += atoi(value);
}

/* Few attributes and many, each once. */
static void test_every_attribute(void **state)
{
    (void)state;
    for (int count = 0; count <= 100; count++) {
        struct buf text = BUF_INIT;
        buf_add_text(&text, "<x xmlns='urn:x'");
        for (int i = 1; i <= count; i++)
            buf_printf(&text, " a%d='%d'", i, i);
        buf_add_text(&text, "/>");
        xmpp_stanza_t *stanza = parse(text.data);
        struct sum sum = {0, 0};
        stanza_attrs(stanza, attr_sum, &sum);
        assert_int_equal(sum.count, count);
        assert_int_equal(sum.total, count * (count + 1) / 2);
        xmpp_stanza_release(stanza);
        buf_free(&text);
    }
}

#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

static void test_errors_written(void **state)
{
    (void)state;
    static const struct {
        const struct stanza_error *error;
        const char *attributes, *condition;
    } rows[] = {
        {&error_bad_request, "type='modify' code='400'", "bad-request"},
        {&error_conflict, "type='cancel' code='409'", "conflict"},
        {&error_feature_not_implemented, "type='cancel' code='501'", "feature-not-implemented"},
        {&error_forbidden, "type='auth' code='403'", "forbidden"},
        {&error_gone, "type='cancel' code='302'", "gone"},
        {&error_internal_server_error, "type='cancel' code='500'", "internal-server-error"},
        {&error_item_not_found, "type='cancel' code='404'", "item-not-found"},
        {&error_jid_malformed, "type='modify' code='400'", "jid-malformed"},
        {&error_not_acceptable, "type='cancel' code='406'", "not-acceptable"},
        {&error_value_not_acceptable, "type='modify' code='406'", "not-acceptable"},
        {&error_not_allowed, "type='cancel' code='405'", "not-allowed"},
        {&error_not_authorized, "type='auth' code='401'", "not-authorized"},
        {&error_policy_violation, "type='modify' code='406'", "policy-violation"},
        {&error_registration_required, "type='auth' code='407'", "registration-required"},
        {&error_resource_constraint, "type='wait' code='500'", "resource-constraint"},
        {&error_service_unavailable, "type='cancel' code='503'", "service-unavailable"},
    };
    const struct stanza_error_details none = {.text = span_of("")};
    const struct stanza_error_details all = {
        .by = span_of("r@c"), .instead = span_of("i&j"), .text = span_of("a<b")};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = BUF_INIT, expected = BUF_INIT;
        struct xml xml = xml_to(&out);
        xml_open(&xml, "iq", NS_CLIENT);
        stanza_error_write(&xml, rows[i].error, &none);
        stanza_error_write(&xml, rows[i].error, &all);
        xml_close(&xml);
        buf_printf(&expected, "<iq><error %s><%s " STANZAS "/></error>", rows[i].attributes,
                   rows[i].condition);
        buf_printf(&expected,
                   "<error %s by='r@c'><%s " STANZAS ">i&amp;j</%s><text " STANZAS
                   ">a&lt;b</text></error></iq>",
                   rows[i].attributes, rows[i].condition, rows[i].condition);
        assert_string_equal(out.data, expected.data);
        xmpp_stanza_t *iq = parse(out.data);
        assert_string_equal(stanza_error_condition(iq), rows[i].condition);
        xmpp_stanza_release(iq);
        buf_free(&out);
        buf_free(&expected);
    }
}

static void test_errors_read(void **state)
{
    (void)state;
    static const struct {
        const char *stanza, *condition;
    } rows[] = {
        {"<iq xmlns='jabber:client'><error><gone " STANZAS ">x</gone></error></iq>", "gone"},
        {"<iq xmlns='jabber:component:accept'><error><gone " STANZAS "/></error></iq>", "gone"},
        {"<iq><error><text " STANZAS "/><gone " STANZAS "/></error></iq>", "gone"},
        {"<iq><error><app xmlns='urn:app'/><gone " STANZAS "/></error></iq>", "gone"},
        {"<iq><error xmlns='urn:x'><gone " STANZAS "/></error><error><conflict " STANZAS
         "/></error></iq>",
         "conflict"},
        {"<iq/>", NULL},
        {"<iq><gone " STANZAS "/></iq>", NULL},
        {"<iq><error/></iq>", NULL},
        {"<iq><error>gone</error></iq>", NULL},
        {"<iq><error><gone/></error></iq>", NULL},
        {"<iq><error><text " STANZAS "/></error></iq>", NULL},
        {"<iq xmlns='jabber:client'><error xmlns='urn:x'><gone " STANZAS "/></error></iq>", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_stanza_t *stanza = parse(rows[i].stanza);
        const char *condition = stanza_error_condition(stanza);
        assert_int_equal(condition != NULL, rows[i].condition != NULL);
        if (condition)
            assert_string_equal(condition, rows[i].condition);
        xmpp_stanza_release(stanza);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_children),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_says),
        cmocka_unit_test(test_child_text),
        cmocka_unit_test(test_every_attribute),
        cmocka_unit_test(test_errors_written),
        cmocka_unit_test(test_errors_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
