#include "coven/hash.h"

#include <string.h>

#include "coven/id.h"

/* SipHash by Aumasson and Bernstein, with 1 round a word and 3 at the end. */

struct sip {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 = rotate(s->v2, 32);
}

static void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

struct hash_seed hash_seed_new(void)
{
    struct hash_seed seed;
    id_random_bytes(&seed, sizeof seed);
    return seed;
}

unsigned hash_span(const struct hash_seed *seed, struct span key)
{
    struct sip s = {seed->k0 ^ 0x736f6d6570736575, seed->k1 ^ 0x646f72616e646f6d,
                    seed->k0 ^ 0x6c7967656e657261, seed->k1 ^ 0x7465646279746573};
    uint64_t last = (uint64_t)key.len << 56;
    size_t whole = key.len & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word;
        memcpy(&word, key.at + i, 8);
        sip_word(&s, word);
    }
    for (size_t i = whole; i < key.len; i++)
        last |= (uint64_t)(unsigned char)key.at[i] << (8 * (i - whole));
    sip_word(&s, last);
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(&s);
    uint64_t out = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    return (unsigned)(out ^ (out >> 32));
}
