/* Stored stanzas of a room that was renamed. */

#include "muc/state/readdress.h"
#include "unit.h"

#define OLD "old@rooms.lit"
#define NEW "newer@rooms.lit"

static void check(const char *stored, const char *to, const char *expected)
{
    struct span stanza = span_of(stored);
    const char *at = strstr(stored, to);
    struct readdressed now =
        readdress_stanza(stanza, (uint32_t)(at + strlen(to) - stored), span_of(NEW));
    assert_true(span_is(now.stanza, expected));
    assert_memory_equal(now.stanza.at + now.to_at - strlen(to), to, strlen(to));
    readdress_free(&now);
}

#define STANZA(address, content)                                                                   \
    "<message from='" address "/Nick' type='groupchat' id='" OLD "' to=''>" content "</message>"

static void sender_and_ids_get_the_new_address(void **state)
{
    (void)state;
    check(STANZA(OLD, "<body>by</body><stanza-id xmlns='urn:xmpp:sid:0' by='" OLD "' id='1'/>"),
          " to='",
          STANZA(NEW, "<body>by</body><stanza-id xmlns='urn:xmpp:sid:0' by='" NEW "' id='1'/>"));
    check(STANZA(OLD, "<retracted id='1'><moderated by='" OLD "/Mod'/><x/></retracted>"), " to='",
          STANZA(NEW, "<retracted id='1'><moderated by='" NEW "/Mod'/><x/></retracted>"));
    check("<message from='new@rooms.lit/Nick' to=''/>", " to='",
          "<message from='" NEW "/Nick' to=''/>");
    check("<message from='" OLD "' to=''><subject>s</subject></message>", " to='",
          "<message from='" NEW "' to=''><subject>s</subject></message>");
}

static void all_else_stays(void **state)
{
    static const char *const same[] = {
        STANZA(NEW, "<a by='" OLD "'/>"),
        STANZA("old@else.lit", "<stanza-id by='old@else.lit'/>"),
        STANZA("rooms.lit", "<a by='rooms.lit'/>"),
        STANZA("@rooms.lit", "<a by='@rooms.lit'/>"),
        "<message to='' from='" OLD "/Nick'><a by='" OLD "'/></message>",
        "<message from='" OLD "/Nick' to=''><a by='" OLD "'/>",
    };
    (void)state;
    check(STANZA(OLD, "<body> by='" OLD "' &lt;a by='" OLD "'&gt;</body><a by='" OLD
                      ".net'/><b by='x" OLD "' at='" OLD "'/>"),
          " to='",
          STANZA(NEW, "<body> by='" OLD "' &lt;a by='" OLD "'&gt;</body><a by='" OLD
                      ".net'/><b by='x" OLD "' at='" OLD "'/>"));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        check(same[i], " to='", same[i]);
    struct readdressed empty = readdress_stanza((struct span){NULL, 0}, 0, span_of(NEW));
    assert_int_equal(empty.stanza.len, 0);
    readdress_free(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sender_and_ids_get_the_new_address),
        cmocka_unit_test(all_else_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
