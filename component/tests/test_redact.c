/* Which parts of a stanza name a user, and are removed before it is passed on. */

#include "coven/ns.h"
#include "muc/say/redact.h"
#include "unit.h"

static void test_redact(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* NULL: the same */
    } rows[] = {
        {"<pubsub xmlns='" NS_PUBSUB "'><items node='n' publisher='r@v'><item id='1' "
         "publisher='r@v/o'/></items></pubsub>",
         "<pubsub xmlns='" NS_PUBSUB "'><items node='n'><item id='1'/></items></pubsub>"},
        {"<pubsub xmlns='" NS_PUBSUB "'><subscription jid='r@v'/><affiliation jid='r@v'/><options "
         "jid='r@v'/></pubsub>",
         "<pubsub xmlns='" NS_PUBSUB "'><subscription/><affiliation/><options/></pubsub>"},
        {"<event xmlns='" NS_PUBSUB_EVENT "'><items><item publisher='r@v'/><retract "
         "publisher='r@v'/></items><subscription jid='r@v'/></event>",
         "<event xmlns='" NS_PUBSUB_EVENT
         "'><items><item/><retract/></items><subscription/></event>"},
        {"<pubsub xmlns='" NS_PUBSUB_OWNER "'><subscriptions><subscription "
         "jid='r@v'/></subscriptions><affiliations><affiliation "
         "jid='r@v'/></affiliations></pubsub>",
         "<pubsub xmlns='" NS_PUBSUB_OWNER
         "'><subscriptions><subscription/></subscriptions><affiliations><affiliation/>"
         "</affiliations></pubsub>"},
        /* Text that the user wrote stays. */
        {"<pubsub xmlns='" NS_PUBSUB "'><item><x xmlns='urn:x' publisher='r@v' "
         "jid='r@v'><item publisher='r@v'/></x></item></pubsub>",
         NULL},
        {"<item xmlns='urn:x' publisher='r@v'/>", NULL},
        {"<subscribe xmlns='" NS_PUBSUB "' jid='r@v'/>", NULL},
    };
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, rows[i].in);
        assert_non_null(stanza);
        struct buf out = BUF_INIT, same = BUF_INIT;
        struct xml xml = xml_to(&out), plain = xml_to(&same);
        redact_copy(&xml, stanza);
        xml_copy(&plain, stanza);
        assert_string_equal(out.data, rows[i].out ? rows[i].out : same.data);
        buf_free(&out);
        buf_free(&same);
        xmpp_stanza_release(stanza);
    }
    xmpp_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_redact)};
    return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
