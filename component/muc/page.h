/*
 * A part of a long list in a disco#items answer (XEP-0059): items are added one by one, forwards or
 * backwards, until there are as many as were asked for or the answer is full.
 */
#ifndef MUC_PAGE_H
#define MUC_PAGE_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/rsm.h"
#include "request.h"

#define PAGE_ITEMS_MAX 1000

struct page {
    struct rsm wanted;
    size_t bytes_max; /* of the items */
    struct buf items; /* rendered, in the order in which they came */
    size_t ends[PAGE_ITEMS_MAX];
    unsigned count;
    size_t widest;            /* the longest item */
    bool more;                /* there was another one, and no place for it */
    struct buf nearest, rest; /* the keys of the first item that came and of the last */
};

/* Reads what is wanted from the request. False: that is malformed, and there is nothing to close.
 */
bool page_open(struct page *page, const struct request *request);
void page_close(struct page *page);

/* How many items to look for: one more than are wanted, to know whether there are more. */
static inline unsigned page_reach(const struct page *page)
{
    return page->wanted.max + 1;
}

/* False: it is full, nothing more is to come. A long `name` is cut. */
bool page_add(struct page *page, struct span jid, struct span name);

/* Is this only a part of the list, or was it asked for as one? Then it says so. */
bool page_is_part(const struct page *page);

/*
 * The whole answer: <query xmlns='disco#items'> with the items in their order and, if it is a part,
 * what part: `index` is that of the item that stands first in it.
 */
void page_send(struct page *page, struct request *request, int64_t index, int64_t count);

#endif
