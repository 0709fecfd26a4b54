/* What somebody wants to read of an archive: the form and the part of the result set. */
#ifndef MUC_ARCHIVE_QUERY_H
#define MUC_ARCHIVE_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/form.h"
#include "coven/jid.h"
#include "coven/rsm.h"
#include "coven/store.h"
#include "message.h"
#include "request.h"

struct archive_query {
    const char *queryid; /* NULL: none */
    bool flip;           /* the newest message of the page is to be sent first */
    struct rsm part;
    struct store_range range; /* all that the form asks for */
    struct jid with;          /* what the range points into */
    bool by_ids;              /* only these messages, in their order: */
    struct message_id ids[FORM_VALUES_MAX];
    size_t id_count;
};

/* Reads a query. The caller closes one that was read, which is one without an error. */
const struct stanza_error *archive_query_open(struct archive_query *query, struct request *request);
void archive_query_close(struct archive_query *query);

#endif
