/* How many permits of a limited resource each user holds, by bare JID. */
#ifndef MUC_PERMITS_H
#define MUC_PERMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/hash.h"
#include "coven/span.h"
#include "coven/table.h"

#define PERMITS_PER_HELD 8 /* free permits there must be for each that the user already holds */

/* Returns whether a user who holds `own` permits, of at most `own_max`, may take one more, when
 * `taken` of `all` permits are taken. A user who holds many is refused before the last permits are
 * gone, so that a newcomer finds one. */
static inline bool permits_allow(unsigned own, unsigned own_max, unsigned taken, unsigned all)
{
    unsigned left = taken < all ? all - taken : 0;
    return own < own_max && left > (uint64_t)own * PERMITS_PER_HELD;
}

struct permit_holder {
    struct table_link link; /* in `holders`, by bare JID */
    unsigned count;         /* permits that the user holds; never 0 */
    char bare[];
};

struct permits {
    struct table holders;
    unsigned count; /* permits taken by all users */
};

/* Returns the number of permits that the user holds. */
unsigned permits_held(const struct permits *permits, const struct hash_seed *seed,
                      struct span bare);

/* Takes a permit for the user, without a check. The caller gives it back with the returned holder.
 */
struct permit_holder *permits_take(struct permits *permits, const struct hash_seed *seed,
                                   struct span bare);
void permits_give_back(struct permits *permits, struct permit_holder *holder);

#endif
