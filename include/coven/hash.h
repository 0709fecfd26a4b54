/*
 * A keyed hash (SipHash-1-3) for tables whose keys strangers choose: without knowing the seed
 * nobody can choose keys that collide. The table's owner keeps the seed.
 */
#ifndef COVEN_HASH_H
#define COVEN_HASH_H

#include <stdint.h>

#include "coven/span.h"

struct hash_seed {
    uint64_t k0, k1;
};

/* A seed from the system's random source. */
struct hash_seed hash_seed_new(void);

unsigned hash_span(const struct hash_seed *seed, struct span key);

#endif
