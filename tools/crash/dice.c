#include "dice.h"

/* splitmix64 */
static uint64_t next(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t dice_below(struct dice *dice, uint32_t count)
{
    return (uint32_t)(next(dice) % count);
}

bool dice_once_in(struct dice *dice, uint32_t count)
{
    return dice_below(dice, count) == 0;
}
