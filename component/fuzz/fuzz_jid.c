/* A JID that can be read stays the same when it is printed, as text or as a link, and read again.
 */
#include "coven/bug.h"
#include "coven/jid.h"

static void check(const struct jid *jid)
{
    struct jid again;
    struct buf link = BUF_INIT;
    coven_assert(jid_parse(jid_full(jid), &again));
    coven_assert(span_equal(jid_full(jid), jid_full(&again)));
    coven_assert(span_equal(jid_bare(jid), jid_bare(&again)));
    coven_assert(jid_make(jid_node(jid), jid_domain(jid), jid_resource(jid), &again));
    coven_assert(span_equal(jid_full(jid), jid_full(&again)));
    jid_write_link(jid, "join", &link);
    coven_assert(jid_parse_typed(buf_span(&link), &again));
    coven_assert(span_equal(jid_bare(jid), jid_full(&again)));
    buf_free(&link);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct span text = {(const char *)bytes, len};
    struct jid jid;
    if (jid_parse(text, &jid))
        check(&jid);
    if (jid_parse_typed(text, &jid))
        check(&jid);
    return 0;
}
