/* The fields of any form that can be read can be looked up. */
#include <stdlib.h>

#include "coven/bug.h"
#include "coven/form.h"
#include "coven/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct form form = {0};
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    char *text = mem_copy(bytes, len);
    xmpp_stanza_t *x = xmpp_stanza_new_from_string(ctx, text);
    if (x && form_read(x, &form))
        coven_assert(form.field_count <= FORM_FIELDS_MAX);
    for (size_t i = 0; i < form.field_count; i++)
        coven_assert(form_field(&form, form.fields[i].var) == &form.fields[i]);
    form_free(&form);
    if (x)
        xmpp_stanza_release(x);
    free(text);
    xmpp_ctx_free(ctx);
    return 0;
}
