/*
 * Memory for libstrophe, which makes some forty small objects of every stanza and frees them again:
 * pieces of a few sizes, kept for the next stanza. What is larger is the system's.
 */
#ifndef COVEN_LINK_POOL_H
#define COVEN_LINK_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>

struct pool;

struct pool *pool_new(void);

/* Frees everything that was ever given out in pieces. */
void pool_free(struct pool *pool);

/*
 * libstrophe keeps a copy of what it is given to send until the last byte of it was written, and
 * says to nobody when that is: its queue does not count what it has begun to write. So the next
 * piece of this size is watched, and pool_holds() until it is freed.
 */
void pool_watch(struct pool *pool, size_t size);
bool pool_holds(const struct pool *pool);

/* What a context of libstrophe's is made with; it lives as long as the pool. */
const xmpp_mem_t *pool_mem(const struct pool *pool);

#endif
