/* What libstrophe builds of XML with the guard before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <expat.h>
#include <strophe.h>

#include "coven/buf.h"
#include "link/guard.h"

static int setup(void **state)
{
    xmpp_initialize();
    *state = xmpp_ctx_new(NULL, NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    xmpp_ctx_free(*state);
    xmpp_shutdown();
    return 0;
}

static xmpp_stanza_t *last_child(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *child = xmpp_stanza_get_children(stanza);
    while (child && xmpp_stanza_get_next(child))
        child = xmpp_stanza_get_next(child);
    return child;
}

static bool ends_with(xmpp_stanza_t *stanza, const char *name)
{
    xmpp_stanza_t *last = last_child(stanza);
    const char *last_name = last ? xmpp_stanza_get_name(last) : NULL;
    return last_name && strcmp(last_name, name) == 0;
}

/* ---- A canonical form, by expat alone ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void canon_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct buf *out = user;
    size_t count = 0;
    while (attributes[2 * count])
        count++;
    qsort(attributes, count, 2 * sizeof *attributes, by_name);
    buf_printf(out, "(%s", name);
    for (size_t i = 0; i < count; i++)
        buf_printf(out, " [%s]=[%s]", attributes[2 * i], attributes[2 * i + 1]);
    buf_add_char(out, '>');
}

static void canon_end(void *user, const XML_Char *name)
{
    (void)name;
    buf_add_char(user, ')');
}

static void canon_text(void *user, const XML_Char *text, int len)
{
    buf_add(user, text, (size_t)len);
}

static char *canon(const char *xml)
{
    struct buf out = BUF_INIT;
    XML_Parser parser = XML_ParserCreateNS("UTF-8", '|');
    XML_SetUserData(parser, &out);
    XML_SetElementHandler(parser, canon_start, canon_end);
    XML_SetCharacterDataHandler(parser, canon_text);
    assert_int_equal(XML_Parse(parser, xml, (int)strlen(xml), 1), XML_STATUS_OK);
    XML_ParserFree(parser);
    return buf_take(&out);
}

static const char *const payloads[] = {
    "<message/>",
    "<message from='a@b/c' to='r@d' type='groupchat' id='1'><body>hello</body></message>",
    "<message xml:lang='de'><body xml:lang='en'>x</body><body xml:lang='fr'>y</body></message>",
    "<message><html xmlns='http://jabber.org/protocol/xhtml-im'><body "
    "xmlns='http://www.w3.org/1999/xhtml'><p style='a:b'>x <em>y</em> "
    "z</p></body></html></message>",
    "<message><x xmlns='u' xmlns:p='v' p:a='1'/></message>",
    "<message><x xmlns='u' xmlns:p='v' p:a='1' a='2'/></message>",
    "<message><x xmlns='u' xmlns:p='v' xmlns:q='w' p:a='1' q:a='2' a='3'/></message>",
    "<message><x xmlns='u' xmlns:p='v'><y p:a='1'/><z p:b='2'><w p:c='3'/></z></x></message>",
    "<message xmlns:p='v' p:a='1'><body>x</body></message>",
    "<message><p:x xmlns:p='u' p:a='1'/></message>",
    "<message><p:x xmlns:p='u'><p:y/><z/></p:x></message>",
    "<message><p:x xmlns:p='u' xmlns:q='u' q:a='1'><q:y p:b='2'/></p:x></message>",
    "<message><x xmlns='u'><y xmlns=''/></x></message>",
    "<message><x xmlns='u'><y xmlns=''><z/></y><w/></x></message>",
    "<message><x xmlns='u'><y xmlns=''><z xmlns='u'><q xmlns=''/></z></y></x></message>",
    "<message><x xmlns='u'><y xmlns='' a='1' xmlns:p='v' p:b='2'><z p:c='3'/></y></x></message>",
    "<message xmlns='jabber:x'><y xmlns=''><z/></y></message>",
    "<message><a xmlns='u'/><a xmlns='v'/><a/></message>",
    "<message><body>&lt;&gt;&amp;&quot;&apos;</body></message>",
    "<message><body a='&lt;&gt;&amp;&quot;&apos;'/></message>",
    "<message><body><![CDATA[<b>&amp;</b>]]></body></message>",
    "<message><body>a<![CDATA[b]]>c&#100;&#x65;</body></message>",
    "<message><body>one\ntwo\n\nthree</body></message>",
    "<message><body>  lead and trail  </body></message>",
    "<message><body>\t</body></message>",
    "<message><body>\xF0\x9F\x98\x80 \xC3\xA4\xE2\x82\xAC</body></message>",
    "<message><body a='\xF0\x9F\x98\x80'>x</body></message>",
    "<message><body>&#128512;</body></message>",
    "<message><x xmlns='u'>a<b>c</b>d<e/>f</x></message>",
    "<message>text<body>x</body>more</message>",
    "<message><body></body><subject/></message>",
    "<message><a><b><c><d><e><f>deep</f></e></d></c></b></a></message>",
    "<message><x xmlns='jabber:x:data' type='submit'><field var='a'><value>1</value></field>"
    "<field var='b' type='list-multi'><value>2</value><value>3</value></field></x></message>",
    "<presence type='unavailable'><status>bye</status><x xmlns='u'><item a='b'/></x></presence>",
    "<iq type='get' id='x'><query xmlns='http://jabber.org/protocol/disco#info' node=''/></iq>",
    "<iq type='set'><pubsub xmlns='p'><item id='1'><entry xmlns='http://www.w3.org/2005/Atom' "
    "xmlns:t='thr' xml:base='http://b/'><t:in-reply-to ref='1' t:type='x'/></entry></item>"
    "</pubsub></iq>",
    "<message><\xC3\xA4 \xC3\xB6='1'/></message>",
    "<message><x xmlns='urn:a&amp;b'/></message>",
    "<message><x xmlns='u' xmlns:p='urn:a&amp;b&lt;' p:a='1'/></message>",
    "<message><x xmlns='u' xml:id='1' xml:space='preserve'> </x></message>",
};

static void test_payloads_come_out_as_they_went_in(void **state)
{
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(*state, payloads[i]);
        assert_non_null(stanza);
        char *text;
        size_t len;
        assert_int_equal(xmpp_stanza_to_text(stanza, &text, &len), XMPP_EOK);
        char *before = canon(payloads[i]), *after = canon(text);
        assert_string_equal(after, before);
        free(before);
        free(after);
        xmpp_free(*state, text);
        xmpp_stanza_release(stanza);
    }
}

/* ---- Who sent it ---- */

static void test_prefixed_attributes_are_not_plain(void **state)
{
    static const char *const names[] = {"from", "to", "type", "id"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (int order = 0; order < 2; order++) {
            char xml[160];
            const char *head = order ? "" : "x:", *tail = order ? "x:" : "";
            snprintf(xml, sizeof xml, "<m xmlns:x='u' %s%s='%s' %s%s='%s'/>", head, names[i],
                     order ? "plain" : "evil", tail, names[i], order ? "evil" : "plain");
            xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(*state, xml);
            assert_string_equal(xmpp_stanza_get_attribute(stanza, names[i]), "plain");
            xmpp_stanza_release(stanza);
        }
        char xml[80];
        snprintf(xml, sizeof xml, "<m xmlns:x='u' x:%s='evil'/>", names[i]);
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(*state, xml);
        assert_null(xmpp_stanza_get_attribute(stanza, names[i]));
        xmpp_stanza_release(stanza);
    }
}

/* The same in a thousand orders, among other attributes and with several prefixes. */
static void test_prefixed_attributes_in_any_order(void **state)
{
    static const char *const parts[] = {
        "from='plain'", "x:from='evil'", "y:from='evil'", "id='plain'",    "x:id='evil'",
        "to='plain'",   "y:to='evil'",   "type='plain'",  "x:type='evil'", "xml:lang='de'",
        "xmlns:x='u'",  "xmlns:y='v'",   "a='1'",         "from.='evil'",
    };
    const size_t count = sizeof parts / sizeof *parts;
    uint32_t chance = 1;
    for (int round = 0; round < 1000; round++) {
        const char *order[sizeof parts / sizeof *parts];
        memcpy(order, parts, sizeof parts);
        struct buf xml = BUF_INIT;
        buf_add_text(&xml, "<m");
        for (size_t left = count; left > 0; left--) {
            chance = chance * 1664525u + 1013904223u;
            size_t pick = (chance >> 16) % left;
            buf_printf(&xml, " %s", order[pick]);
            order[pick] = order[left - 1];
        }
        buf_add_text(&xml, "/>");
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(*state, xml.data);
        assert_non_null(stanza);
        assert_string_equal(xmpp_stanza_get_from(stanza), "plain");
        assert_string_equal(xmpp_stanza_get_to(stanza), "plain");
        assert_string_equal(xmpp_stanza_get_type(stanza), "plain");
        assert_string_equal(xmpp_stanza_get_id(stanza), "plain");
        xmpp_stanza_release(stanza);
        buf_free(&xml);
    }
}

static void test_xml_lang_is_not_lang(void **state)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(*state, "<m xml:lang='de' lang='x'/>");
    assert_string_equal(xmpp_stanza_get_attribute(stanza, "xml:lang"), "de");
    assert_string_equal(xmpp_stanza_get_attribute(stanza, "lang"), "x");
    xmpp_stanza_release(stanza);
}

/* ---- Limits ---- */

static void add_times(struct buf *xml, const char *text, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        buf_add_text(xml, text);
}

static xmpp_stanza_t *parse_and_free(xmpp_ctx_t *ctx, struct buf *xml)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, xml->data);
    buf_free(xml);
    assert_non_null(stanza);
    return stanza;
}

static unsigned count_children(xmpp_stanza_t *stanza)
{
    unsigned count = 0;
    for (xmpp_stanza_t *at = xmpp_stanza_get_children(stanza); at; at = xmpp_stanza_get_next(at))
        count++;
    return count;
}

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

/* ---- Text ---- */

static void test_text_is_whole(void **state)
{
    struct buf xml = BUF_INIT;
    buf_add_text(&xml, "<m><body>");
    add_times(&xml, "&lt;\n", 65536);
    buf_add_text(&xml, "</body></m>");
    xmpp_stanza_t *stanza = parse_and_free(*state, &xml);
    xmpp_stanza_t *body = xmpp_stanza_get_children(stanza);
    assert_int_equal(count_children(body), 1);
    const char *text = xmpp_stanza_get_text_ptr(xmpp_stanza_get_children(body));
    assert_int_equal(strlen(text), 2 * 65536);
    assert_int_equal(strspn(text, "<\n"), 2 * 65536);
    xmpp_stanza_release(stanza);
}

static void test_what_is_no_xml_is_refused(void **state)
{
    static const char *const broken[] = {
        "<m>",
        "<m",
        "<m></n>",
        "<m a='1' a='2'/>",
        "<m>&nbsp;</m>",
        "<m>&#0;</m>",
        "<m>&#8;</m>",
        "<m>\xC0\x80</m>",
        "<m>\xED\xA0\x80</m>",
        "<m>\xEF\xBF\xBF</m>",
        "<m>\x01</m>",
        "<p:m/>",
        "<m p:a=''/>",
        "<m><!DOCTYPE m></m>",
        "<!DOCTYPE m [<!ENTITY a 'b'>]><m>&a;</m>",
        "<m><?xml version='1.0'?></m>",
        "<m>]]></m>",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(*state, broken[i]);
        if (stanza)
            print_message("taken for XML: %s\n", broken[i]);
        assert_null(stanza);
    }
}

static void test_comments_vanish(void **state)
{
    xmpp_stanza_t *stanza =
        xmpp_stanza_new_from_string(*state, "<m>a<!-- b -->c<?d e?>f<!----></m>");
    xmpp_stanza_t *text = xmpp_stanza_get_children(stanza);
    assert_string_equal(xmpp_stanza_get_text_ptr(text), "acf");
    assert_null(xmpp_stanza_get_next(text));
    xmpp_stanza_release(stanza);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_payloads_come_out_as_they_went_in),
        cmocka_unit_test(test_prefixed_attributes_are_not_plain),
        cmocka_unit_test(test_prefixed_attributes_in_any_order),
        cmocka_unit_test(test_xml_lang_is_not_lang),
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_attributes_of_a_child),
        cmocka_unit_test(test_attributes_of_a_stanza),
        cmocka_unit_test(test_attributes_of_all_elements),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_text_is_whole),
        cmocka_unit_test(test_what_is_no_xml_is_refused),
        cmocka_unit_test(test_comments_vanish),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
