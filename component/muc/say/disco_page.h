/*
 * A page of a long list, as the answer to a query (XEP-0059). Items are written one by one,
 * forwards or backwards, until there are as many as wanted or the answer is full. A client that
 * asks for no page gets the whole list if it fits into one answer, and else its first page, marked
 * as such.
 */
#ifndef MUC_DISCO_PAGE_H
#define MUC_DISCO_PAGE_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/rsm.h"
#include "coven/xml.h"
#include "muc/state/request.h"

#define DISCO_PAGE_ITEMS_MAX 1000
#define DISCO_PAGE_BYTES_MAX 262144 /* of an answer, beside the configuration's stanza_bytes */

/* The position of an item is found by counting those before it. Beyond this many items positions
 * are neither told nor accepted. */
#define DISCO_PAGE_INDEX_MAX 10000

struct disco_page {
    struct rsm wanted;
    const char *ns;   /* namespace of the query and the answer; the request owns it */
    size_t bytes_max; /* of all items */
    struct buf items; /* rendered, in the order in which they were added */
    size_t *ends;     /* end of each item in `items` */
    unsigned count, place_count;
    size_t widest;            /* length of the longest item */
    bool more;                /* another item did not fit */
    struct buf nearest, rest; /* keys of the items added first and last */
};

/* Reads from the request which page is wanted, with at most DISCO_PAGE_ITEMS_MAX items. False: the
 * request is malformed, and there is nothing to close. */
bool disco_page_open(struct disco_page *page, const struct request *request);
void disco_page_close(struct disco_page *page);

/* The same for a list that is sent whole, no matter how long, to a client that asks for no page. */
bool disco_page_open_whole(struct disco_page *page, const struct request *request);

/* Removes all items, and goes on as if the client had asked for a page. */
void disco_page_restart(struct disco_page *page);

/* Would the page begin too far from the first of `count` items (XEP-0059, 2.6)? */
bool disco_page_is_far(const struct disco_page *page, int64_t count);

/* Is the page sure to be empty, in a list of `count` items? */
bool disco_page_is_empty(const struct disco_page *page, int64_t count);

/* Number of items to look for: one more than the page holds, to know whether there are more. */
static inline unsigned disco_page_reach(const struct disco_page *page)
{
    return page->wanted.max + 1;
}

/* Writes the next item: one element, between begin and end. Begin returns false if no more items
 * are wanted; end, if the item did not fit and was taken back. Then add no more. */
bool disco_page_item_begin(struct disco_page *page, struct xml *xml);
bool disco_page_item_end(struct disco_page *page, struct span key);

/* Adds an item of disco#items, whose key is its address. False: the page is full. A long `name` is
 * cut. */
bool disco_page_add(struct disco_page *page, struct span jid, struct span name);

/* Is the page a part of the list, or did the client ask for a part? Then the answer says so. */
bool disco_page_is_part(const struct disco_page *page);

/* Sends the answer: <query/> with the items in their order and, for a part, where it is. `index` is
 * the position of the item that comes first; below 0: not known. */
void disco_page_send(struct disco_page *page, struct request *request, int64_t index,
                     int64_t count);

#endif
