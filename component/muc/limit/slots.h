/* How many slots of a limited resource each user holds, by bare JID. */
#ifndef MUC_SLOTS_H
#define MUC_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/hash.h"
#include "coven/span.h"
#include "coven/table.h"

#define SLOTS_PER_HELD 8 /* free slots there must be for each that the user already holds */

/*
 * Returns whether a user who holds `own` slots, of at most `own_max`, may take one more, when
 * `taken` of `all` slots are taken. A user who holds many is refused before the last slots are
 * gone, so that a newcomer finds one.
 */
static inline bool slots_allow(unsigned own, unsigned own_max, unsigned taken, unsigned all)
{
    unsigned left = taken < all ? all - taken : 0;
    return own < own_max && left > (uint64_t)own * SLOTS_PER_HELD;
}

struct slot_holder {
    struct table_link link; /* in `holders`, by bare JID */
    unsigned count;         /* slots that the user holds; never 0 */
    char bare[];
};

struct slots {
    struct table holders;
    unsigned count; /* slots taken by all users */
};

/* Returns the number of slots that the user holds. */
unsigned slots_held(const struct slots *slots, const struct hash_seed *seed, struct span bare);

/* Takes a slot for the user, without a check. The caller gives it back with the returned holder. */
struct slot_holder *slots_take(struct slots *slots, const struct hash_seed *seed, struct span bare);
void slots_give_back(struct slots *slots, struct slot_holder *holder);

#endif
