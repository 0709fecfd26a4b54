/*
 * A keyed hash (SipHash-1-3) for tables whose keys strangers choose: without the key nobody can
 * make names that collide. The seed belongs to the table's owner.
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
