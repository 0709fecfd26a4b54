/* Chance that can be had again: the same seed gives the same row. */
#ifndef CRASH_DICE_H
#define CRASH_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* From 0 to `count` - 1; `count` is not 0. */
uint32_t dice_below(struct dice *dice, uint32_t count);

/* True once in so many throws. */
bool dice_once_in(struct dice *dice, uint32_t count);

#endif
