/* Which bounds an attack has broken. */
#ifndef ATTACK_VERDICT_H
#define ATTACK_VERDICT_H

#include <stdint.h>

#include "attempt.h"

/* Adds to stage->broken. */
void verdict_find(struct attempt *attempt);

/* Bytes that came to others than the attackers because of them. */
uint64_t verdict_others(const struct attempt *attempt);

#endif
