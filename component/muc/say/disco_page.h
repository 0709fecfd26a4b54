/*
 * A part of a long list as the answer to a query (XEP-0059): items are written one by one, forwards
 * or backwards, until there are as many as were asked for or the answer is full. Who asks for no
 * part gets the whole list if it fits into one answer, and else its first part, marked as such.
 */
#ifndef MUC_DISCO_PAGE_H
#define MUC_DISCO_PAGE_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/rsm.h"
#include "coven/xml.h"
#include "muc/state/request.h"

#define DISCO_PAGE_ITEMS_MAX 1000
#define DISCO_PAGE_BYTES_MAX 262144 /* of an answer, and the stanza_bytes of the configuration */

/* To know where in the list an item is, all before it have to be counted: so far that is done, and
 * beyond it nobody is told, and nobody may ask for an index. */
#define DISCO_PAGE_INDEX_MAX 10000

struct disco_page {
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

/* Reads what is wanted from the request: no more than DISCO_PAGE_ITEMS_MAX items. False: that is
 * malformed, and there is nothing to close. */
bool disco_page_open(struct disco_page *page, const struct request *request);
void disco_page_close(struct disco_page *page);

/* The same for a list that comes whole to who asks for no part, however many items it has. */
bool disco_page_open_whole(struct disco_page *page, const struct request *request);

/* Begins again with no items, as if a part had been asked for. */
void disco_page_restart(struct disco_page *page);

/* Is it to begin too far behind the first of `count` items (XEP-0059, 2.6)? */
bool disco_page_is_far(const struct disco_page *page, int64_t count);

/* Will nothing be in it, whatever the `count` items are? Then there is nothing to look for. */
bool disco_page_is_empty(const struct disco_page *page, int64_t count);

/* How many items to look for: one more than are wanted, to know whether there are more. */
static inline unsigned disco_page_reach(const struct disco_page *page)
{
    return page->wanted.max + 1;
}

/*
 * The next item: what is written to `xml`, one element, between begin and end. False from begin:
 * no more are wanted. False from end: it does not fit, and was taken back. Then nothing more is to
 * come.
 */
bool disco_page_item_begin(struct disco_page *page, struct xml *xml);
bool disco_page_item_end(struct disco_page *page, struct span key);

/* An item of disco#items, whose key is its address. False: it is full. A long `name` is cut. */
bool disco_page_add(struct disco_page *page, struct span jid, struct span name);

/* Is this only a part of the list, or was it asked for as one? Then it says so. */
bool disco_page_is_part(const struct disco_page *page);

/*
 * The whole answer: <query/> with the items in their order and, if it is a part, what part: `index`
 * is that of the item that stands first in it, or below 0.
 */
void disco_page_send(struct disco_page *page, struct request *request, int64_t index,
                     int64_t count);

#endif
