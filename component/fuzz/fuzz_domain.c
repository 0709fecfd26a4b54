/* A domain covers itself and its subdomains, and rising comes to an end. */
#include "coven/bug.h"
#include "coven/domain.h"
#include "coven/jid.h"

/* Each domain above `domain` is a suffix of it and covers it, but is not covered by it. */
static void check(struct span domain)
{
    struct span above = domain;
    coven_assert(domain_covers(domain, domain));
    while (domain_rise(&above)) {
        coven_assert(above.len > 0 && above.len < domain.len);
        coven_assert(above.at + above.len == domain.at + domain.len);
        coven_assert(domain_covers(above, domain) && !domain_covers(domain, above));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct span text = {(const char *)bytes, len};
    struct jid jid;
    if (len > 0)
        check(domain_of(text));
    if (!jid_parse(text, &jid))
        return 0;
    coven_assert(span_equal(domain_of(jid_bare(&jid)), jid_domain(&jid)));
    check(jid_domain(&jid));
    return 0;
}
