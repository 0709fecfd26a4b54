/* A page of an archive in the making: what archive_page.c and archive_find.c share. */
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
    int64_t key, number;
    char id[MESSAGE_NAME_SIZE];
};

struct archive_page {
    struct task task;
    /* The request. */
    struct jid from, to;
    int64_t room;
    uint32_t retractions; /* number of the room's retractions at the request */
    char *id;             /* NULL: none */
    struct archive_query query;
    bool shows_real;
    size_t stanza_max;
    /* The result. */
    const struct stanza_error *error;
    bool late;                  /* the search ran out of time */
    struct archive_item *items; /* in the order in which they were found */
    unsigned count;
    size_t bytes;
    bool more;     /* there are more messages in the direction of the search */
    int64_t index; /* position of the page's first message; below 0: it is not told */
    int64_t total; /* number of messages that the query asks for; below 0: not known */
    struct buf scratch;
};

/* For the store's readers of messages: `user` is the page. Renders the message as the page's next
 * item. False: the page is full, and there are more messages. */
bool archive_page_add(void *user, const struct store_message *message);

/* The page's item at that position, in the order of the archive. */
const struct archive_item *archive_page_item(const struct archive_page *page, unsigned position);

/* Is the position of the page's first message told? Not when a client reads backwards: slixmpp (1.8
 * to 1.17) takes a page that ends at the last message for the end of its reading. */
bool archive_page_has_index(const struct archive_page *page);

/* Find the messages that the query names by id, or describes by its form, and how many there are.
 * They run in another thread than the rooms. */
enum store_result archive_find_by_ids(struct archive_page *page, struct store *store);
enum store_result archive_find_by_form(struct archive_page *page, struct store *store);

#endif
