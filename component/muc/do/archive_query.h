/* What somebody wants to read of an archive: the form and the part of the result set. */
#ifndef MUC_ARCHIVE_QUERY_H
#define MUC_ARCHIVE_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/jid.h"
#include "coven/rsm.h"
#include "coven/store.h"
#include "muc/say/message.h"
#include "muc/state/request.h"

#define ARCHIVE_ANCHORS_MAX 3

struct archive_query {
    char *queryid; /* NULL: none */
    bool flip;     /* the newest message of the page is to be sent first */
    struct rsm part;
    struct eras eras; /* of when it was asked: what came later is not in the answer */
    int64_t first_ms, last_ms;
    struct key_range named;          /* between the messages that the form names */
    struct key_range keys[ERAS_MAX]; /* all that the form asks for is among these, in order */
    unsigned key_count;
    struct store_range range; /* what it asks for, but for the keys */
    struct jid with;          /* what the range points into, and */
    char *words;              /* this; NULL: none */
    bool by_ids;              /* only these messages, in their order: */
    struct message_id *ids;
    size_t id_count;
    struct message_id anchors[ARCHIVE_ANCHORS_MAX]; /* other messages that are named */
    size_t anchor_count;
};

/* Reads a query, which must not be moved then. The caller closes it, also one with an error. */
const struct stanza_error *archive_query_open(struct archive_query *query, struct request *request);
void archive_query_close(struct archive_query *query);

/* Does it ask for messages of somebody, or with some words, so that it may take long? */
bool archive_query_searches(const struct archive_query *query);

/* Are all messages that the query names in the archive? Leaves of `ids` those that it asks for.
 * Runs in any thread, with a connection of its own. */
const struct stanza_error *archive_query_check(struct archive_query *query, struct store *store);

#endif
