/* Bipartite matching: pairs each on the left with one on the right that fits, none twice. */
#ifndef SCENARIO_PAIRING_H
#define SCENARIO_PAIRING_H

#include <stdbool.h>

struct pairing {
    int left, right; /* the number on each side */
    bool (*fits)(const void *user, int left, int right);
    const void *user;
};

/*
 * True if all on the left can be paired. `partner_r` has `left` entries: the partner of each, or
 * -1.
 */
bool pairing_find(const struct pairing *pairing, int *partner_r);

#endif
