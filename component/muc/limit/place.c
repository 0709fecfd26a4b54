#include "place.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

static bool has_bare(const struct table_link *link, struct span bare)
{
    return span_is(bare, TABLE_ITEM(link, const struct place, link)->bare);
}

static struct place *find(const struct places *places, unsigned hash, struct span bare)
{
    struct table_link *link = table_find(&places->by_bare, hash, has_bare, bare);
    return link ? TABLE_ITEM(link, struct place, link) : NULL;
}

unsigned places_of(const struct places *places, const struct hash_seed *seed, struct span bare)
{
    const struct place *place = find(places, hash_span(seed, bare), bare);
    return place ? place->count : 0;
}

struct place *place_take(struct places *places, const struct hash_seed *seed, struct span bare)
{
    unsigned hash = hash_span(seed, bare);
    struct place *place = find(places, hash, bare);
    if (!place) {
        place = mem_new(sizeof *place + bare.len + 1);
        memcpy(place->bare, bare.at, bare.len);
        table_add(&places->by_bare, &place->link, hash);
    }
    place->count++;
    places->count++;
    return place;
}

void place_give_back(struct places *places, struct place *place)
{
    places->count--;
    if (--place->count > 0)
        return;
    table_remove(&places->by_bare, &place->link);
    free(place);
}
