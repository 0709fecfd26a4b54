/*
 * Memory for libstrophe, which makes some forty small objects of every stanza and frees them again:
 * pieces of a few sizes, kept for the next stanza. What is larger is the system's.
 */
#ifndef COVEN_LINK_POOL_H
#define COVEN_LINK_POOL_H

#include <strophe.h>

struct pool;

struct pool *pool_new(void);

/* Frees everything that was ever given out in pieces. */
void pool_free(struct pool *pool);

/* What a context of libstrophe's is made with; it lives as long as the pool. */
const xmpp_mem_t *pool_mem(const struct pool *pool);

#endif
