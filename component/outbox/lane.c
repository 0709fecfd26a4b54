#include <stdlib.h>

#include "coven/bug.h"
#include "outbox_parts.h"

static struct lane *lane_new(struct outbox *outbox, struct span name, unsigned hash)
{
    struct lane *lane = mem_new(sizeof *lane + name.len + 1);
    lane->outbox = outbox;
    lane->refs = 1;
    memcpy(lane->name, name.at, name.len);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, outbox->lanes, lane->name, name.len, hash, lane);
    return lane;
}

struct lane *outbox_lane(struct outbox *outbox, struct span name)
{
    struct span key = name.at ? name : span_of("");
    unsigned hash = hash_span(&outbox->seed, key);
    struct lane *lane;
    HASH_FIND_BYHASHVALUE(hh, outbox->lanes, key.at, key.len, hash, lane);
    return lane ? lane_ref(lane) : lane_new(outbox, key, hash);
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
    HASH_DELETE(hh, lane->outbox->lanes, lane);
    free(lane);
}
