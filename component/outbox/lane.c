#include <stdlib.h>

#include "coven/bug.h"
#include "outbox_parts.h"

static struct lane *lane_new(struct outbox *outbox, struct span name, unsigned hash)
{
    struct lane *lane = mem_new(sizeof *lane + name.len + 1);
    lane->outbox = outbox;
    lane->refs = 1;
    memcpy(lane->name, name.at, name.len);
    table_add(&outbox->lanes, &lane->link, hash);
    return lane;
}

static bool has_name(const struct table_link *link, struct span name)
{
    return span_is(name, TABLE_ITEM(link, const struct lane, link)->name);
}

struct lane *outbox_lane(struct outbox *outbox, struct span name)
{
    struct span key = name.at ? name : span_of("");
    unsigned hash = hash_span(&outbox->seed, key);
    struct table_link *link = table_find(&outbox->lanes, hash, has_name, key);
    return link ? lane_ref(TABLE_ITEM(link, struct lane, link)) : lane_new(outbox, key, hash);
}

/* No room has that name. */
struct lane *outbox_first_lane(struct outbox *outbox)
{
    struct lane *lane = outbox_lane(outbox, span_of("\t"));
    lane->goes_first = true;
    return lane;
}

uint64_t outbox_load(const struct outbox *outbox, struct span name)
{
    struct table_link *link =
        table_find(&outbox->lanes, hash_span(&outbox->seed, name), has_name, name);
    return link ? lane_load(TABLE_ITEM(link, const struct lane, link)) : 0;
}

struct lane *lane_ref(struct lane *lane)
{
    lane->refs++;
    return lane;
}

void lane_unref(struct lane *lane)
{
    if (!lane)
        return;
    coven_assert(lane->refs > 0);
    if (--lane->refs > 0)
        return;
    table_remove(&lane->outbox->lanes, &lane->link);
    free(lane);
}
