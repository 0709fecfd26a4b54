/* A redacted copy is well-formed, and has no attribute in which pubsub names a user. */
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/say/redact.h"

static void check_copy(xmpp_stanza_t *copy)
{
    xmpp_stanza_t *inner = stanza_child(copy, NULL, NULL);
    xmpp_stanza_t *items = inner ? stanza_child(inner, "items", NS_PUBSUB) : NULL;
    if (items && stanza_is(inner, NULL, NS_PUBSUB))
        coven_assert(!stanza_attr(items, "publisher"));
}

static void check(xmpp_ctx_t *ctx, xmpp_stanza_t *stanza)
{
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    xml_open(&xml, "message", NS_CLIENT);
    redact_copy(&xml, stanza);
    xml_close(&xml);
    xmpp_stanza_t *copy = xmpp_stanza_new_from_string(ctx, out.data);
    coven_assert(copy);
    check_copy(copy);
    xmpp_stanza_release(copy);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    char *text = mem_copy(bytes, len);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, text);
    if (stanza) {
        check(ctx, stanza);
        xmpp_stanza_release(stanza);
    }
    free(text);
    xmpp_ctx_free(ctx);
    return 0;
}
