/* A query to an archive: the form, and the part of the results that is wanted. */
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
    bool flip;     /* send the newest message of the page first */
    struct rsm part;
    int64_t part_key; /* of the message that the part is named after; 0: none */
    struct eras eras; /* of the clock at the request: later messages are not in the answer */
    int64_t first_ms, last_ms;
    struct key_range room;           /* the keys that messages of the room may have had */
    struct key_range named;          /* between the messages that the form names as limits */
    struct key_range keys[ERAS_MAX]; /* the ranges that the form asks for, in order */
    unsigned key_count;
    struct store_range range; /* the conditions of the form except the keys */
    struct jid with;          /* `range` points into it */
    char *words;              /* `range` points into them; NULL: no words */
    bool by_ids;              /* only the messages of `ids`, in the order of the archive */
    struct message_id *ids;
    size_t id_count;
    struct message_id anchors[ARCHIVE_ANCHORS_MAX]; /* messages that are named as limits */
    size_t anchor_count;
};

/* Reads the query of a request. The query must not be moved afterwards. The caller closes it, also
 * after an error. */
const struct stanza_error *archive_query_open(struct archive_query *query, struct request *request);
void archive_query_close(struct archive_query *query);

/* Does the query ask for an author or for words? Then it may take long. */
bool archive_query_searches(const struct archive_query *query);

/* Are all messages of `ids` in the archive, and do the places that the query names exist? Removes
 * from `ids` those that do not match the form. For any thread, with a connection of its own. */
const struct stanza_error *archive_query_check(struct archive_query *query, struct store *store);

#endif
