#include "quota_place.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/mem.h"

#define PLACES_MAX 200000
#define SWEEP_MAX  10000 /* at once: a few milliseconds */

static struct span key_span(const uint64_t *key)
{
    return (struct span){(const char *)key, sizeof *key};
}

static bool has_key(const struct table_link *link, struct span key)
{
    const struct quota_place *place = TABLE_ITEM(link, const struct quota_place, link);
    return memcmp(key.at, &place->key, sizeof place->key) == 0;
}

static void take_out(struct quota_places *places, struct quota_place *place)
{
    table_remove(&places->by_key, &place->link);
    DL_DELETE(places->oldest, place);
}

static struct quota_place *place_new(struct quota_places *places, uint64_t key)
{
    struct quota_place *place = places->by_key.count < PLACES_MAX ? NULL : places->oldest;
    if (place) {
        take_out(places, place);
        memset(place, 0, places->size);
    } else {
        place = mem_new(places->size);
    }
    place->key = key;
    table_add(&places->by_key, &place->link, (unsigned)key);
    DL_APPEND(places->oldest, place);
    return place;
}

struct quota_place *quota_place(struct quota_places *places, uint64_t key)
{
    struct table_link *link = table_find(&places->by_key, (unsigned)key, has_key, key_span(&key));
    if (!link)
        return place_new(places, key);
    struct quota_place *place = TABLE_ITEM(link, struct quota_place, link);
    if (place != places->oldest->prev) {
        DL_DELETE(places->oldest, place);
        DL_APPEND(places->oldest, place);
    }
    return place;
}

/* Once around, or a part of that: who stays goes to the end. */
void quota_places_sweep(struct quota_places *places,
                        bool (*is_done)(struct quota_place *place, void *user), void *user)
{
    struct quota_place *place, *first_kept = NULL;
    for (unsigned left = SWEEP_MAX; (place = places->oldest) && place != first_kept && left;
         left--) {
        if (is_done(place, user)) {
            take_out(places, place);
            free(place);
            continue;
        }
        DL_DELETE(places->oldest, place);
        DL_APPEND(places->oldest, place);
        if (!first_kept)
            first_kept = place;
    }
}

void quota_places_free(struct quota_places *places)
{
    while (places->oldest) {
        struct quota_place *place = places->oldest;
        take_out(places, place);
        free(place);
    }
}
