/*
 * A part of a long list as the answer to a query (XEP-0059): items are written one by one, forwards
 * or backwards, until there are as many as were asked for or the answer is full. Who asks for no
 * part gets the whole list if it fits into one answer, and else its first part, marked as such.
 */
#ifndef MUC_PAGE_H
#define MUC_PAGE_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/rsm.h"
#include "coven/xml.h"
#include "request.h"

#define PAGE_ITEMS_MAX 1000
#define PAGE_BYTES_MAX 262144 /* of an answer, and the stanza_bytes of the configuration */

/* To know where in the list an item is, all before it have to be counted: so far that is done, and
 * beyond it nobody is told, and nobody may ask for an index. */
#define PAGE_INDEX_MAX 10000

struct page {
    struct rsm wanted;
    const char *ns;   /* of the query, and so of the answer; the request's */
    size_t bytes_max; /* of the items */
    struct buf items; /* rendered, in the order in which they came */
    size_t *ends;     /* where each of them ends */
    unsigned count, place_count;
    size_t widest;            /* the longest item */
    bool more;                /* there was another one, and no place for it */
    struct buf nearest, rest; /* the keys of the first item that came and of the last */
};

/* Reads what is wanted from the request: no more than PAGE_ITEMS_MAX items. False: that is
 * malformed, and there is nothing to close. */
bool page_open(struct page *page, const struct request *request);
void page_close(struct page *page);

/* The same for a list that comes whole to who asks for no part, however many items it has. */
bool page_open_whole(struct page *page, const struct request *request);

/* Begins again with no items, as if a part had been asked for. */
void page_restart(struct page *page);

/* Is it to begin too far behind the first of `count` items (XEP-0059, 2.6)? */
bool page_is_far(const struct page *page, int64_t count);

/* Will nothing be in it, whatever the `count` items are? Then there is nothing to look for. */
bool page_is_empty(const struct page *page, int64_t count);

/* How many items to look for: one more than are wanted, to know whether there are more. */
static inline unsigned page_reach(const struct page *page)
{
    return page->wanted.max + 1;
}

/*
 * The next item: what is written to `xml`, one element, between begin and end. False from begin:
 * no more are wanted. False from end: it does not fit, and was taken back. Then nothing more is to
 * come.
 */
bool page_item_begin(struct page *page, struct xml *xml);
bool page_item_end(struct page *page, struct span key);

/* An item of disco#items, whose key is its address. False: it is full. A long `name` is cut. */
bool page_add(struct page *page, struct span jid, struct span name);

/* Is this only a part of the list, or was it asked for as one? Then it says so. */
bool page_is_part(const struct page *page);

/*
 * The whole answer: <query/> with the items in their order and, if it is a part, what part: `index`
 * is that of the item that stands first in it, or below 0.
 */
void page_send(struct page *page, struct request *request, int64_t index, int64_t count);

#endif
