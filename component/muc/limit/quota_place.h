/*
 * Places where something is counted for those who were busy lately, whom a key stands for: one each
 * until it is given back, or until there are too many and the one that was used longest ago gives
 * way.
 */
#ifndef MUC_QUOTA_PLACE_H
#define MUC_QUOTA_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/table.h"

/* The first member of what is counted; zeroed behind it at first. */
struct quota_place {
    struct table_link link;
    struct quota_place *prev, *next;
    uint64_t key; /* of random bits */
};

struct quota_places {
    size_t size; /* of a place with what is counted */
    struct table by_key;
    struct quota_place *oldest; /* by when it was used last */
};

/* The place of that key, made if there is none. */
struct quota_place *quota_place(struct quota_places *places, uint64_t key);

/* Gives back those that `is_done` says nothing is counted in any more: of some thousand, the
 * oldest. */
void quota_places_sweep(struct quota_places *places,
                        bool (*is_done)(struct quota_place *place, void *user), void *user);

void quota_places_free(struct quota_places *places);

#endif
