/* Malformed XML: a fault inside a stanza cuts that stanza, any other fault ends the stream. */
#include "guard_recorder.h"

#define FAULT(text)                                                                                \
    "(" STREAM "\x1F"                                                                              \
    "error>(urn:ietf:params:xml:ns:xmpp-streams\x1Fxml-not-well-formed>)"                          \
    "(urn:ietf:params:xml:ns:xmpp-streams\x1Ftext>" text ")))"

static void assert_fault(const char *xml, const char *events)
{
    struct recorder recorder = {0};
    open_stream(&recorder);
    feed_text(&recorder, HEADER);
    buf_clear(&recorder.events);
    assert_int_equal(feed(&recorder, xml, strlen(xml)), XML_STATUS_ERROR);
    assert_string_equal(recorder.events.data, events);
    assert_int_equal(recorder.depth, 0);
    assert_int_equal(feed(&recorder, "<a/>", 4), XML_STATUS_ERROR);
    assert_string_equal(recorder.events.data, events);
    close_stream(&recorder);
}

static void test_a_fault_ends_the_stream(void **state)
{
    (void)state;
    assert_fault("</message>", FAULT("mismatched tag"));
    assert_fault("<!DOCTYPE a>", FAULT("not well-formed (invalid token)"));
    assert_fault("&nowhere;", FAULT("undefined entity"));
    assert_fault("<m><a></m>", "(jabber:component:accept\x1Fm>(jabber:component:accept\x1F"
                               "a>)( torn>))" FAULT("mismatched tag"));
    assert_fault("<message/></presence>",
                 "(jabber:component:accept\x1Fmessage>)" FAULT("mismatched tag"));
}

/* Stanzas as the recorder shows them: whole, and cut. */
#define CUT                 "( cut>))"
#define MESSAGE(attributes) "(jabber:component:accept\x1Fmessage" attributes ">"
#define BODY                                                                                       \
    "(jabber:component:accept\x1F"                                                                 \
    "body>"
#define NEXT      "<presence/>"
#define NEXT_SEEN "(jabber:component:accept\x1Fpresence>)"

/* A fault inside a stanza cuts that stanza alone, in whatever pieces the bytes arrive. */
static void assert_mended(const char *xml, const char *events)
{
    struct buf bytes = BUF_INIT, expected = BUF_INIT;
    buf_printf(&bytes, HEADER "%s" NEXT "%s" NEXT, xml, xml);
    buf_printf(&expected, "%s" NEXT_SEEN "%s" NEXT_SEEN, events, events);
    for (size_t chunk = 1; chunk <= bytes.len; chunk += chunk < 40 ? 1 : 7) {
        struct recorder recorder = {0};
        open_stream(&recorder);
        feed_in_chunks(&recorder, &bytes, chunk);
        if (strcmp(strchr(recorder.events.data, 0x3e) + 1, expected.data) != 0)
            fail_msg("%s in pieces of %zu: %s", xml, chunk, recorder.events.data);
        assert_int_equal(recorder.depth, 1);
        close_stream(&recorder);
    }
    buf_free(&bytes);
    buf_free(&expected);
}

static void test_a_fault_takes_its_stanza_alone(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *events;
    } faults[] = {
        /* undeclared prefixes */
        {"<message from='a'><foo:x/></message>", MESSAGE(" from=a") CUT},
        {"<message from='a'><foo:x><message>1</message></foo:x></message>", MESSAGE(" from=a") CUT},
        {"<message from='a'><x foo:a='1'><y/></x>text</message>", MESSAGE(" from=a") CUT},
        {"<message from='a' foo:a='1'><body>x</body></message>", MESSAGE(" from=a") CUT},
        {"<message from='a' foo:a='1'/>", MESSAGE(" from=a") CUT},
        {"<foo:message from='a'><body>x</body></foo:message>", ""},
        {"<message><x xmlns:xml='urn:x'/></message>", MESSAGE("") CUT},
        {"<message><x xmlns:a=''/></message>", MESSAGE("") CUT},
        /* characters and references */
        {"<message><body>a\x01"
         "b</body></message>",
         MESSAGE("") BODY ")" CUT},
        {"<message><body>\xC3(</body></message>", MESSAGE("") BODY ")" CUT},
        {"<message><body>\xED\xA0\x80</body></message>", MESSAGE("") BODY ")" CUT},
        {"<message><body>&nbsp;</body><x/></message>", MESSAGE("") BODY ")" CUT},
        {"<message><body>&#8;</body></message>", MESSAGE("") BODY ")" CUT},
        {"<message><body>]]></body></message>", MESSAGE("") BODY ")" CUT},
        {"<message from='a' id='\x02'/>", ""},
        {"<message from='&nbsp;' id='i'><a/></message>", ""},
        {"<message><a b='1' b='2'/></message>", MESSAGE("") CUT},
        {"<message><a b=1/></message>", MESSAGE("") CUT},
        {"<message><a b='<'/></message>", MESSAGE("") CUT},
        {"<message><!DOCTYPE a></message>", MESSAGE("") CUT},
        {"<message><?xml version='1.0'?></message>", MESSAGE("") CUT},
        {"<message><!-- -- --></message>", MESSAGE("") CUT},
        {"<message><1/></message>", MESSAGE("") CUT},
        /* wrong nesting */
        {"<message><body>x</message>", MESSAGE("") BODY ")" CUT},
        {"<message><body>x</b></body></message>", MESSAGE("") BODY ")" CUT},
        {"<message><body></x><message>x</message></y></message>", MESSAGE("") BODY ")" CUT},
        {"<iq><a><b></a></iq>", "(jabber:component:accept\x1Fiq>(jabber:component:accept\x1F"
                                "a>(jabber:component:accept\x1F"
                                "b>))" CUT},
        /* another fault in the skipped rest */
        {"<message><foo:x/><bar:y/>&nbsp;\x01</message>", MESSAGE("") CUT},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        assert_mended(faults[i].xml, faults[i].events);
}

/* The skipped rest of a stanza has a limit. */
static void assert_limited(const char *beginning)
{
    struct recorder recorder = {0};
    struct buf filler = BUF_INIT;
    open_stream(&recorder);
    feed_text(&recorder, beginning);
    while (filler.len < 64 * 1024)
        buf_add_text(&filler, "<presence/>");
    enum XML_Status status = XML_STATUS_OK;
    for (int i = 0; i < 300 && status == XML_STATUS_OK; i++)
        status = feed(&recorder, filler.data, filler.len);
    assert_int_equal(status, XML_STATUS_ERROR);
    assert_non_null(strstr(recorder.events.data, FAULT("a stanza is too long")));
    buf_free(&filler);
    close_stream(&recorder);
}

static void test_a_stanza_without_end(void **state)
{
    (void)state;
    assert_limited(HEADER "<message><foo:x>");
    assert_limited(HEADER "<message><foo:x/>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fault_ends_the_stream),
        cmocka_unit_test(test_a_fault_takes_its_stanza_alone),
        cmocka_unit_test(test_a_stanza_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
