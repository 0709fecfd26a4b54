/* Arbitrary bytes, and a stanza copied beside them, are written well-formed. */
#include "coven/bug.h"
#include "coven/ns.h"
#include "coven/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct span raw = {(const char *)bytes, len};
    struct buf out = BUF_INIT;
    buf_add_span(&out, raw);
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, out.data), *again;
    struct xml xml = xml_to(&out);
    buf_clear(&out);
    xml_open(&xml, "a", NS_CLIENT), xml_attr(&xml, "b", raw), xml_text(&xml, raw);
    if (stanza)
        xml_copy(&xml, stanza), xmpp_stanza_release(stanza);
    xml_close(&xml);
    again = xmpp_stanza_new_from_string(ctx, out.data);
    coven_assert(again);
    xmpp_stanza_release(again);
    buf_free(&out);
    xmpp_ctx_free(ctx);
    return 0;
}
