/* What one user has of places that all users share. */
#ifndef MUC_PLACE_H
#define MUC_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/hash.h"
#include "coven/span.h"
#include "coven/table.h"

#define PLACE_OF_LEFT 8

/*
 * May who has `own` places of `taken` have one more? There are `all`, and `own_max` for a user; but
 * nobody gets more than an eighth of those that are left, so that a newcomer finds one.
 */
static inline bool place_allows(unsigned own, unsigned own_max, unsigned taken, unsigned all)
{
    unsigned left = taken < all ? all - taken : 0;
    return own < own_max && left > (uint64_t)own * PLACE_OF_LEFT;
}

struct place {
    struct table_link link; /* of the places, by bare JID */
    unsigned count;         /* never 0 */
    char bare[];
};

struct places {
    struct table by_bare;
    unsigned count; /* of places that are taken */
};

/* How many places the user has. */
unsigned places_of(const struct places *places, const struct hash_seed *seed, struct span bare);

/* Takes a place for the user, to be given back. */
struct place *place_take(struct places *places, const struct hash_seed *seed, struct span bare);
void place_give_back(struct places *places, struct place *place);

#endif
