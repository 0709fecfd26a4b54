/* Reproducible randomness: the same seed gives the same sequence. */
#ifndef CRASH_DICE_H
#define CRASH_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* From 0 to `count` - 1; `count` must not be 0. */
uint32_t dice_below(struct dice *dice, uint32_t count);

/* True in one of `count` cases. */
bool dice_once_in(struct dice *dice, uint32_t count);

#endif
