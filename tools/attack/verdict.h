/* Finds out which bounds an attack has broken. */
#ifndef ATTACK_VERDICT_H
#define ATTACK_VERDICT_H

#include <stdint.h>

#include "attempt.h"

/* Adds to attempt->broken. */
void verdict_find(struct attempt *attempt);

/* Bytes that others than the attackers received because of them. */
uint64_t verdict_others(const struct attempt *attempt);

#endif
