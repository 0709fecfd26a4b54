/* Any request for a page is read within its bounds, and the page is written well-formed. */
#include <stdlib.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "coven/rsm.h"
#include "coven/stored_xml.h"

#define MAX 50

static void check_written(struct span first, struct span last, const struct rsm *rsm)
{
    struct rsm_part part = {first, last, (int64_t)rsm->index - 1, (int64_t)rsm->max - 1};
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    rsm_write(&xml, &part);
    coven_assert(stored_xml_is_element(buf_span(&out), "set"));
    buf_free(&out);
}

static void check_read(const struct rsm *rsm)
{
    bool has_key = rsm->from == RSM_AFTER || rsm->from == RSM_BEFORE;
    coven_assert(rsm->max <= MAX);
    coven_assert(has_key == (rsm->key != NULL));
    coven_assert(rsm->from != RSM_AFTER || *rsm->key != '\0');
    coven_assert(rsm->given || rsm->from == RSM_START);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    char *text = mem_copy(bytes, len);
    xmpp_stanza_t *query = xmpp_stanza_new_from_string(ctx, text);
    struct rsm rsm = {0};
    if (query && rsm_read(query, MAX, &rsm))
        check_read(&rsm);
    struct span key = {(const char *)bytes, len};
    check_written(rsm.key ? span_of(rsm.key) : key, key, &rsm);
    rsm_free(&rsm);
    if (query)
        xmpp_stanza_release(query);
    free(text);
    xmpp_ctx_free(ctx);
    return 0;
}
