/* Preparing a prepared part changes nothing, and every nickname is a valid resource. */
#include <string.h>

#include "coven/bug.h"
#include "coven/prep.h"
#include "coven/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static size_t (*const all[])(struct span, char *) = {prep_node, prep_domain, prep_resource,
                                                         prep_nick};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char out[PREP_SIZE], again[PREP_SIZE];
        size_t out_len = all[i]((struct span){(const char *)bytes, len}, out);
        struct span prepared = {out, out_len};
        coven_assert(out_len < PREP_SIZE && (out_len == 0 || out[out_len] == '\0'));
        coven_assert(utf8_is_xml(prepared));
        coven_assert(all[i](prepared, again) == out_len);
        coven_assert(memcmp(out, again, out_len) == 0);
    }
    return 0;
}
