#include "permits.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

static bool has_bare(const struct table_link *link, struct span bare)
{
    return span_is(bare, TABLE_ITEM(link, const struct permit_holder, link)->bare);
}

static struct permit_holder *find(const struct permits *permits, unsigned hash, struct span bare)
{
    struct table_link *link = table_find(&permits->holders, hash, has_bare, bare);
    return link ? TABLE_ITEM(link, struct permit_holder, link) : NULL;
}

unsigned permits_held(const struct permits *permits, const struct hash_seed *seed, struct span bare)
{
    const struct permit_holder *holder = find(permits, hash_span(seed, bare), bare);
    return holder ? holder->count : 0;
}

struct permit_holder *permits_take(struct permits *permits, const struct hash_seed *seed,
                                   struct span bare)
{
    unsigned hash = hash_span(seed, bare);
    struct permit_holder *holder = find(permits, hash, bare);
    if (!holder) {
        holder = mem_new(sizeof *holder + bare.len + 1);
        memcpy(holder->bare, bare.at, bare.len);
        table_add(&permits->holders, &holder->link, hash);
    }
    holder->count++;
    permits->count++;
    return holder;
}

void permits_give_back(struct permits *permits, struct permit_holder *holder)
{
    permits->count--;
    if (--holder->count > 0)
        return;
    table_remove(&permits->holders, &holder->link);
    free(holder);
}
