/* A stanza for many that the server has returned goes out again, to each of its recipients. */

#include "returned.h"
#include "test_outbox_fixture.h"

static void expect_copies(const char *returned, const char *expected)
{
    struct outbox *outbox = fixture_outbox();
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, returned);
    assert_non_null(stanza);
    returned_send(outbox, stanza);
    expect_all(outbox, expected);
    xmpp_stanza_release(stanza);
    xmpp_ctx_free(ctx);
    outbox_free(outbox);
}

static void everybody_gets_a_copy(void **state)
{
    (void)state;
    expect_copies("<message to='rooms' from='a@rooms/n'><multi xmlns='urn:coven:multi:0' key='k'>"
                  "u@b/c\td@b/My &amp; &apos;Phone\t</multi><body>x &lt; y</body>"
                  "<x xmlns='a:b'><y/></x></message>",
                  "<message to='u@b/c' from='a@rooms/n'><body>x &lt; y</body>"
                  "<x xmlns='a:b'><y/></x></message>"
                  "<message to='d@b/My &amp; &apos;Phone' from='a@rooms/n'><body>x &lt; y</body>"
                  "<x xmlns='a:b'><y/></x></message>");
}

static void it_may_be_empty(void **state)
{
    (void)state;
    expect_copies("<presence to='rooms' from='a@rooms/n'>"
                  "<multi xmlns='urn:coven:multi:0' key='k'>u@b/c</multi></presence>",
                  "<presence to='u@b/c' from='a@rooms/n'/>");
    expect_copies("<presence to='rooms' from='a@rooms/n'>"
                  "<multi xmlns='urn:coven:multi:0' key='k'/></presence>",
                  "");
}

/* What waits was to come after it. */
static void it_goes_before_everything_else(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct lane *lane = outbox_lane(outbox, span_of("a"));
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    static const char *const sent[] = {"1", "2"};
    outbox_await(outbox, OUTBOX_AWAITED);
    outbox_send(outbox, lane, rendered_new(span_of("<iq/>"), RENDERED_NO_TO, NULL, 0));
    outbox_commit(outbox);
    outbox_await(outbox, OUTBOX_NOT_AWAITED);
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text,
                   "<message id='%s' to='rooms' from='a@rooms/n'><multi xmlns='urn:coven:multi:0' "
                   "key='k'>u@b/c\td@b/c</multi></message>",
                   sent[i]);
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, text.data);
        returned_send(outbox, stanza);
        xmpp_stanza_release(stanza);
        buf_free(&text);
    }
    expect_all(outbox, "<message to='u@b/c' id='1' from='a@rooms/n'/>"
                       "<message to='d@b/c' id='1' from='a@rooms/n'/>"
                       "<message to='u@b/c' id='2' from='a@rooms/n'/>"
                       "<message to='d@b/c' id='2' from='a@rooms/n'/>"
                       "<iq/>");
    xmpp_ctx_free(ctx);
    lane_unref(lane);
    outbox_free(outbox);
}

static void the_list_may_be_elsewhere(void **state)
{
    (void)state;
    expect_copies(
        "<message to='rooms' from='a@rooms/n'><body>x</body>"
        "<multi xmlns='urn:coven:multi:0' key='k'>u@b/c</multi><y xmlns='a:b'/></message>",
        "<message to='u@b/c' from='a@rooms/n'><body>x</body><y xmlns='a:b'/></message>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_gets_a_copy),
        cmocka_unit_test(it_may_be_empty),
        cmocka_unit_test(the_list_may_be_elsewhere),
        cmocka_unit_test(it_goes_before_everything_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
