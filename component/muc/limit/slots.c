#include "slots.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

static bool has_bare(const struct table_link *link, struct span bare)
{
    return span_is(bare, TABLE_ITEM(link, const struct slot_holder, link)->bare);
}

static struct slot_holder *find(const struct slots *slots, unsigned hash, struct span bare)
{
    struct table_link *link = table_find(&slots->holders, hash, has_bare, bare);
    return link ? TABLE_ITEM(link, struct slot_holder, link) : NULL;
}

unsigned slots_held(const struct slots *slots, const struct hash_seed *seed, struct span bare)
{
    const struct slot_holder *holder = find(slots, hash_span(seed, bare), bare);
    return holder ? holder->count : 0;
}

struct slot_holder *slots_take(struct slots *slots, const struct hash_seed *seed, struct span bare)
{
    unsigned hash = hash_span(seed, bare);
    struct slot_holder *holder = find(slots, hash, bare);
    if (!holder) {
        holder = mem_new(sizeof *holder + bare.len + 1);
        memcpy(holder->bare, bare.at, bare.len);
        table_add(&slots->holders, &holder->link, hash);
    }
    holder->count++;
    slots->count++;
    return holder;
}

void slots_give_back(struct slots *slots, struct slot_holder *holder)
{
    slots->count--;
    if (--holder->count > 0)
        return;
    table_remove(&slots->holders, &holder->link);
    free(holder);
}
