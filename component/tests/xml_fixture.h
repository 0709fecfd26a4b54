/* Parses written XML into stanzas. */
#ifndef COVEN_TEST_XML_FIXTURE_H
#define COVEN_TEST_XML_FIXTURE_H

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/xml.h"
#include "unit.h"

static xmpp_ctx_t *ctx;

static inline int setup(void **state)
{
    (void)state;
    ctx = xmpp_ctx_new(NULL, NULL);
    return ctx ? 0 : -1;
}

static inline int teardown(void **state)
{
    (void)state;
    xmpp_ctx_free(ctx);
    return 0;
}

/* Fails unless the text is well-formed. The caller releases the stanza. */
static inline xmpp_stanza_t *parse(const char *text)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, text);
    if (!stanza)
        fail_msg("not well-formed: %s", text);
    return stanza;
}

static inline void assert_written(struct xml *xml, const char *text)
{
    assert_int_equal(xml->depth, 0);
    assert_false(xml->in_tag);
    assert_string_equal(xml->out->data, text);
    xmpp_stanza_release(parse(text));
    buf_free(xml->out);
}

#endif
