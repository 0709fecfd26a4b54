/* Finds the messages of a page (XEP-0313, 4.1; XEP-0059): those with certain ids, or a part of
 * those that a form describes. */

#include "archive_page.h"
#include "muc/state/message_id.h"

/* ---- Messages by their ids ---- */

enum store_result archive_find_by_ids(struct archive_page *page, struct store *store)
{
    const struct archive_query *query = &page->query;
    const struct rsm *part = &query->part;
    size_t from = 0, to = query->id_count;
    if (part->from == RSM_AFTER)
        while (from < to && query->ids[from].key <= query->part_key)
            from++;
    if (part->from == RSM_BEFORE && *part->key)
        while (to > from && query->ids[to - 1].key >= query->part_key)
            to--;
    if (part->from == RSM_INDEX)
        from = part->index < to ? part->index : to;
    page->total = (int64_t)query->id_count;
    bool backwards = part->from == RSM_BEFORE;
    enum store_result result = STORE_OK;
    while (from < to && !page->more && result != STORE_FAILED) {
        struct message_id id = query->ids[backwards ? --to : from++];
        result =
            store_message_get(store, query->range.room, id.key, id.noise, archive_page_add, page);
    }
    if (archive_page_has_index(page))
        page->index = (int64_t)(page->more ? from - 1 : from) - page->count;
    return result;
}

/* ---- Messages that a form describes ---- */

/* The archive's messages in one of the query's ranges of keys. */
struct share {
    int64_t first, count; /* number of the first message; number of messages */
};

static bool take_number(void *user, const struct store_message *message)
{
    *(int64_t *)user = message->number;
    return false;
}

/* Messages are numbered without a gap, so the ends of a range tell how many messages are in it. */
static enum store_result count_share(const struct archive_page *page, struct store *store,
                                     struct key_range keys, struct share *share_r)
{
    struct store_range range = {.room = page->query.range.room, .keys = keys, .limit = 1};
    int64_t first = 0, last = -1;
    enum store_result result = store_messages(store, &range, take_number, &first);
    range.backwards = true;
    if (result == STORE_OK)
        result = store_messages(store, &range, take_number, &last);
    *share_r = (struct share){first, last - first + 1};
    return result;
}

/* The number of messages of one author is not known. */
static enum store_result count_shares(struct archive_page *page, struct store *store,
                                      struct share *shares)
{
    const struct archive_query *query = &page->query;
    if (archive_query_searches(query))
        return STORE_OK;
    page->total = 0;
    for (unsigned i = 0; i < query->key_count; i++) {
        if (count_share(page, store, query->keys[i], &shares[i]) == STORE_FAILED)
            return STORE_FAILED;
        page->total += shares[i].count;
    }
    return STORE_OK;
}

static enum store_result key_of_index(const struct archive_page *page, struct store *store,
                                      const struct share *shares, int64_t *key_r)
{
    int64_t index = page->query.part.index;
    for (unsigned i = 0; i < page->query.key_count; i++) {
        if (index < shares[i].count)
            return store_message_key(store, page->query.range.room, shares[i].first + index, key_r);
        index -= shares[i].count;
    }
    return STORE_NOTHING;
}

/* Finds the range of the page. STORE_NOTHING: it is empty. */
static enum store_result find_part(const struct archive_page *page, struct store *store,
                                   const struct share *shares, struct key_range *part_r)
{
    const struct rsm *part = &page->query.part;
    int64_t key = 0;
    if (part->from == RSM_INDEX) {
        enum store_result result = key_of_index(page, store, shares, &key);
        part_r->after = key - 1;
        return result;
    }
    if (!part->key || !*part->key)
        return STORE_OK;
    if (part->from == RSM_AFTER)
        part_r->after = page->query.part_key;
    if (part->from == RSM_BEFORE)
        part_r->before = page->query.part_key;
    return STORE_OK;
}

/* Reads one message more than the page has, to know whether there are more. */
static enum store_result read_part(struct archive_page *page, struct store *store,
                                   struct key_range part)
{
    const struct archive_query *query = &page->query;
    struct store_range range = query->range;
    enum store_result result = STORE_OK;
    range.backwards = query->part.from == RSM_BEFORE;
    for (unsigned i = 0; i < query->key_count && !page->more && result <= STORE_NOTHING; i++) {
        unsigned at = range.backwards ? query->key_count - 1 - i : i;
        range.keys = key_range_both(query->keys[at], part);
        range.limit = query->part.max + 1 - page->count;
        if (!key_range_is_empty(range.keys))
            result = store_messages(store, &range, archive_page_add, page);
    }
    if (result != STORE_LATE || page->count == 0)
        return result;
    page->more = true; /* the client asks again for what follows */
    return STORE_OK;
}

static int64_t index_of(const struct archive_query *query, const struct share *shares,
                        const struct archive_item *item)
{
    int64_t before = 0;
    const struct key_range *keys = query->keys;
    for (; item->key >= keys->before; keys++, shares++)
        before += shares->count;
    return before + item->number - shares->first;
}

enum store_result archive_find_by_form(struct archive_page *page, struct store *store)
{
    struct share shares[ERAS_MAX] = {{0, 0}};
    struct key_range part = {0, INT64_MAX};
    enum store_result result = count_shares(page, store, shares);
    if (result == STORE_OK)
        result = find_part(page, store, shares, &part);
    if (result == STORE_OK)
        result = read_part(page, store, part);
    if (archive_page_has_index(page) && page->total >= 0)
        page->index = index_of(&page->query, shares, archive_page_item(page, 0));
    return result;
}
