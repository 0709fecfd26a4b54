/* What a refusal tells a person about the limit that was exceeded. */
#ifndef MUC_LIMIT_TEXT_H
#define MUC_LIMIT_TEXT_H

#include "coven/buf.h"

struct request;

/* Appends the text for the key in request->limit: what the limit is, or how many seconds to wait.
 * Appends nothing for a key without a text. */
void limit_text_add(const struct request *request, struct buf *out);

#endif
