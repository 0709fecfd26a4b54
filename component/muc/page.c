#include "page.h"

#include "coven/ns.h"
#include "coven/utf8.h"
#include "service_state.h"

#define NAME_BYTES_MAX 256  /* of what a list shows of a long name */
#define HEAD_BYTES     8192 /* of an answer: its addresses and all around the items */

bool page_open(struct page *page, const struct request *request)
{
    size_t limit = request->service->settings.limits.stanza_bytes;
    page->items = page->nearest = page->rest = BUF_INIT;
    page->count = 0;
    page->widest = 0;
    page->more = false;
    page->bytes_max = limit > HEAD_BYTES ? limit - HEAD_BYTES : 0;
    return rsm_read(request->payload, PAGE_ITEMS_MAX, &page->wanted);
}

void page_close(struct page *page)
{
    rsm_free(&page->wanted);
    buf_free(&page->items);
    buf_free(&page->nearest);
    buf_free(&page->rest);
}

static void write_item(struct buf *out, struct span jid, struct span name)
{
    struct xml xml = xml_to(out);
    xml_open(&xml, "item", NULL);
    xml_attr(&xml, "jid", jid);
    xml_attr(&xml, "name", (struct span){name.at, utf8_cut(name, NAME_BYTES_MAX)});
    xml_close(&xml);
}

/* The keys of the first and the last item come once more, and are no longer than an item. */
static bool fits(const struct page *page, size_t item)
{
    size_t widest = item > page->widest ? item : page->widest;
    return page->count == 0 || page->items.len + 2 * widest <= page->bytes_max;
}

bool page_add(struct page *page, struct span jid, struct span name)
{
    size_t start = page->items.len;
    if (page->more || page->count == page->wanted.max) {
        page->more = true;
        return false;
    }
    write_item(&page->items, jid, name);
    size_t item = page->items.len - start;
    if (!fits(page, item)) {
        buf_cut(&page->items, start);
        page->more = true;
        return false;
    }
    if (item > page->widest)
        page->widest = item;
    if (page->count == 0)
        buf_add_span(&page->nearest, jid);
    buf_clear(&page->rest);
    buf_add_span(&page->rest, jid);
    page->ends[page->count++] = page->items.len;
    return true;
}

bool page_is_part(const struct page *page)
{
    return page->wanted.given || page->more;
}

static void write_items(struct xml *xml, const struct page *page)
{
    if (page->wanted.from != RSM_BEFORE) {
        xml_raw(xml, buf_span(&page->items));
        return;
    }
    for (unsigned i = page->count; i-- > 0;) {
        size_t start = i > 0 ? page->ends[i - 1] : 0;
        xml_raw(xml, (struct span){page->items.data + start, page->ends[i] - start});
    }
}

void page_send(struct page *page, struct request *request, int64_t index, int64_t count)
{
    bool backwards = page->wanted.from == RSM_BEFORE;
    struct draft draft = request_result_open(request);
    xml_open(&draft.xml, "query", NS_DISCO_ITEMS);
    write_items(&draft.xml, page);
    if (page_is_part(page) && count != 0) {
        struct rsm_part part = {
            .first = buf_span(backwards ? &page->rest : &page->nearest),
            .last = buf_span(backwards ? &page->nearest : &page->rest),
            .index = index,
            .count = count,
        };
        rsm_write(&draft.xml, &part);
    }
    xml_close(&draft.xml);
    request_send(request, &draft);
}
