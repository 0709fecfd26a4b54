/* How stanzas are passed on, and which errors return. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "shim/packet.h"

static struct wire_stanza stanza_of(const char *name, const char *type, const char *inner)
{
    struct wire_stanza stanza = {.root = {.name = name, .ns = "jabber:client"},
                                 .inner = span_of(inner)};
    if (type)
        stanza.root.attrs[stanza.root.attr_count++] = (struct wire_attr){"type", type};
    return stanza;
}

static void a_packet_gets_a_new_address(void **state)
{
    (void)state;
    struct wire_stanza stanza = stanza_of("message", NULL, "<x:a/>");
    struct wire_root *root = &stanza.root;
    root->attrs[root->attr_count++] = (struct wire_attr){"from", "liar"};
    root->attrs[root->attr_count++] = (struct wire_attr){"to", "Old"};
    root->attrs[root->attr_count++] = (struct wire_attr){"id", "'\"<&>\n\xc3\xa9"};
    root->spaces[root->space_count++] = (struct wire_attr){"x", "urn:x'"};
    root->lang = "de";
    struct packet packet = packet_of(&stanza);
    packet.from = span_of("romeo@localhost/a");
    struct buf out = BUF_INIT;
    packet_write(&packet, span_of("new@localhost/it's"), &out);
    assert_string_equal(out.data, "<message from='romeo@localhost/a' to='new@localhost/it&apos;s' "
                                  "id='&apos;&quot;&lt;&amp;&gt;&#10;\xc3\xa9' xml:lang='de' "
                                  "xmlns:x='urn:x&apos;'><x:a/></message>");
    buf_free(&out);
}

static void answers_go_back(void **state)
{
    (void)state;
    struct wire_stanza stanza = stanza_of("iq", "get", "<a/>");
    stanza.root.attrs[stanza.root.attr_count++] = (struct wire_attr){"id", "1"};
    stanza.root.attrs[stanza.root.attr_count++] = (struct wire_attr){"to", "b@localhost"};
    struct packet packet = packet_of(&stanza);
    packet.from = span_of("a@localhost/x");
    struct buf out = BUF_INIT;
    packet_write_error(&packet, &packet_item_not_found, &out);
    assert_string_equal(out.data, "<iq from='b@localhost' to='a@localhost/x' id='1' type='error'>"
                                  "<error type='cancel'><item-not-found "
                                  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    buf_clear(&out);
    packet_write_result(&packet, span_of(""), &out);
    assert_string_equal(out.data,
                        "<iq from='b@localhost' to='a@localhost/x' id='1' type='result'/>");
    buf_clear(&out);
    packet_write_result(&packet, span_of("<q/>"), &out);
    assert_string_equal(out.data,
                        "<iq from='b@localhost' to='a@localhost/x' id='1' type='result'><q/></iq>");
    buf_free(&out);
}

static void some_packets_never_bounce(void **state)
{
    (void)state;
    static const struct {
        const char *name, *type;
        bool bounces;
    } table[] = {
        {"message", NULL, true},      {"message", "groupchat", true},
        {"message", "error", false},  {"iq", "get", true},
        {"iq", "set", true},          {"iq", "result", false},
        {"iq", "error", false},       {"presence", NULL, true},
        {"presence", "error", false}, {"presence", "unavailable", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct wire_stanza stanza = stanza_of(table[i].name, table[i].type, "");
        struct packet packet = packet_of(&stanza);
        assert_int_equal(packet_may_bounce(&packet), table[i].bounces);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_gets_a_new_address),
        cmocka_unit_test(answers_go_back),
        cmocka_unit_test(some_packets_never_bounce),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
