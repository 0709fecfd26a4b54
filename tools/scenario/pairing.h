/* Pairs everyone on the left with one on the right that fits, none used twice. */
#ifndef SCENARIO_PAIRING_H
#define SCENARIO_PAIRING_H

#include <stdbool.h>

struct pairing {
    int left, right; /* how many there are on each side */
    bool (*fits)(const void *user, int left, int right);
    const void *user;
};

/*
 * True if all on the left can be paired. `partner_r` (of `left` entries) tells the partner of each;
 * -1 for those that found none.
 */
bool pairing_find(const struct pairing *pairing, int *partner_r);

#endif
