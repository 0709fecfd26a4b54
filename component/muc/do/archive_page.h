/* A page of an archive while it is being made: what archive_page.c and archive_find.c share. */
#ifndef MUC_ARCHIVE_PAGE_H
#define MUC_ARCHIVE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "archive_query.h"
#include "coven/buf.h"
#include "coven/jid.h"
#include "coven/outbox.h"
#include "coven/stanza_error.h"
#include "coven/store.h"
#include "coven/task.h"
#include "muc/say/message.h"

struct archive_item {
    struct rendered *stanza;
    struct message_id id;
    int64_t number;
};

struct archive_page {
    struct task task;
    /* What is asked, by whom. */
    struct jid from, to;
    int64_t room;
    uint32_t retractions; /* that there had been in it */
    char *id;             /* NULL: none */
    struct archive_query query;
    bool shows_real;
    size_t stanza_max;
    /* What comes of it. */
    const struct stanza_error *error;
    bool late;                  /* which is why */
    struct archive_item *items; /* in the order in which they were found */
    unsigned count;
    size_t bytes;
    bool more;     /* there are messages behind the page, in the direction of the search */
    int64_t index; /* of its first message; below 0: not known */
    int64_t total; /* of messages that the query asks for; below 0: not known */
    struct buf scratch;
};

/* Renders a message as the next one that was found; `user` is the page. False: the page is full,
 * and there is more. */
bool archive_page_add(void *user, const struct store_message *message);

/* The item at that position in the order of the archive. */
const struct archive_item *archive_page_item(const struct archive_page *page, unsigned position);

/* Find the messages that the query names by their ids, or describes by its form, with what is known
 * of their number. In another thread than the rooms'. */
enum store_result archive_find_by_ids(struct archive_page *page, struct store *store);
enum store_result archive_find_by_form(struct archive_page *page, struct store *store);

#endif
