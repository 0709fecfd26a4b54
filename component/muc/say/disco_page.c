#include "disco_page.h"

#include <limits.h>
#include <stdlib.h>

#include "answer.h"
#include "coven/mem.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "muc/state/service_state.h"

#define NAME_BYTES_MAX 256  /* shown of a long name */
#define HEAD_BYTES     8192 /* of an answer beside its items */

static bool open_up_to(struct disco_page *page, const struct request *request, unsigned max)
{
    size_t configured = request->service->settings.limits.stanza_bytes;
    size_t limit = configured < DISCO_PAGE_BYTES_MAX ? configured : DISCO_PAGE_BYTES_MAX;
    *page = (struct disco_page){.ns = stanza_ns(request->payload),
                                .bytes_max = limit > HEAD_BYTES ? limit - HEAD_BYTES : 0};
    return rsm_read(request->payload, max, &page->wanted);
}

bool disco_page_open(struct disco_page *page, const struct request *request)
{
    return open_up_to(page, request, DISCO_PAGE_ITEMS_MAX);
}

bool disco_page_open_whole(struct disco_page *page, const struct request *request)
{
    return open_up_to(page, request, UINT_MAX - 1);
}

void disco_page_close(struct disco_page *page)
{
    rsm_free(&page->wanted);
    free(page->ends);
    buf_free(&page->items);
    buf_free(&page->nearest);
    buf_free(&page->rest);
}

bool disco_page_is_far(const struct disco_page *page, int64_t count)
{
    return page->wanted.index > DISCO_PAGE_INDEX_MAX && page->wanted.index < count;
}

bool disco_page_is_empty(const struct disco_page *page, int64_t count)
{
    return page->wanted.max == 0 || page->wanted.index >= count;
}

void disco_page_restart(struct disco_page *page)
{
    buf_clear(&page->items);
    buf_clear(&page->nearest);
    page->count = 0;
    page->widest = 0;
    page->more = false;
    page->wanted.given = true;
}

/* Does the item fit? The keys of the first and last items are written once more, and are no longer
 * than the longest item. */
static bool fits(const struct disco_page *page, size_t item)
{
    size_t widest = item > page->widest ? item : page->widest;
    return page->count == 0 || page->items.len + 2 * widest <= page->bytes_max;
}

bool disco_page_item_begin(struct disco_page *page, struct xml *xml)
{
    page->more = page->more || page->count == page->wanted.max;
    *xml = xml_to(&page->items);
    return !page->more;
}

static size_t end_of(const struct disco_page *page, unsigned count)
{
    return count > 0 ? page->ends[count - 1] : 0;
}

static void note_end(struct disco_page *page)
{
    if (page->count == page->place_count) {
        page->place_count = page->place_count > 0 ? 2 * page->place_count : 64;
        page->ends = mem_resize(page->ends, page->place_count * sizeof *page->ends);
    }
    page->ends[page->count++] = page->items.len;
}

bool disco_page_item_end(struct disco_page *page, struct span key)
{
    size_t start = end_of(page, page->count), item = page->items.len - start;
    if (!fits(page, item)) {
        buf_cut(&page->items, start);
        page->more = true;
        return false;
    }
    if (item > page->widest)
        page->widest = item;
    if (page->count == 0)
        buf_add_span(&page->nearest, key);
    buf_clear(&page->rest);
    buf_add_span(&page->rest, key);
    note_end(page);
    return true;
}

bool disco_page_add(struct disco_page *page, struct span jid, struct span name)
{
    struct xml xml;
    if (!disco_page_item_begin(page, &xml))
        return false;
    xml_open(&xml, "item", NULL);
    xml_attr(&xml, "jid", jid);
    xml_attr(&xml, "name", (struct span){name.at, utf8_cut(name, NAME_BYTES_MAX)});
    xml_close(&xml);
    return disco_page_item_end(page, jid);
}

bool disco_page_is_part(const struct disco_page *page)
{
    return page->wanted.given || page->more;
}

static void write_items(struct xml *xml, const struct disco_page *page)
{
    if (page->wanted.from != RSM_BEFORE) {
        xml_raw(xml, buf_span(&page->items));
        return;
    }
    for (unsigned i = page->count; i-- > 0;) {
        size_t start = end_of(page, i);
        xml_raw(xml, (struct span){page->items.data + start, page->ends[i] - start});
    }
}

void disco_page_send(struct disco_page *page, struct request *request, int64_t index, int64_t count)
{
    bool backwards = page->wanted.from == RSM_BEFORE;
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", page->ns);
    write_items(&draft.xml, page);
    if (disco_page_is_part(page) && count != 0) {
        struct rsm_part part = {
            .first = buf_span(backwards ? &page->rest : &page->nearest),
            .last = buf_span(backwards ? &page->nearest : &page->rest),
            .index = index,
            .count = count,
        };
        rsm_write(&draft.xml, &part);
    }
    xml_close(&draft.xml);
    answer_send(request, &draft);
}
