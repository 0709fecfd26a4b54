/* A JID that can be read stays the same when it is printed and read again. */
#include "coven/bug.h"
#include "coven/jid.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct jid jid, again;
    if (!jid_parse((struct span){(const char *)bytes, len}, &jid))
        return 0;
    coven_assert(jid_parse(jid_full(&jid), &again));
    coven_assert(span_equal(jid_full(&jid), jid_full(&again)));
    coven_assert(span_equal(jid_bare(&jid), jid_bare(&again)));
    coven_assert(jid_make(jid_node(&jid), jid_domain(&jid), jid_resource(&jid), &again));
    coven_assert(span_equal(jid_full(&jid), jid_full(&again)));
    return 0;
}
