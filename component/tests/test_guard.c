/* The stanzas that libstrophe builds with the guard before its parser. */
#include "guard_fixture.h"

#include <expat.h>

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

/* The same in a thousand orders, with other attributes and several prefixes. */
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
        cmocka_unit_test(test_text_is_whole),
        cmocka_unit_test(test_what_is_no_xml_is_refused),
        cmocka_unit_test(test_comments_vanish),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
