/* Memory for libstrophe, which allocates and frees some forty small objects for every stanza: small
 * pieces come in a few sizes and are kept for the next stanza; larger ones are malloc()'s. */
#ifndef COVEN_LINK_POOL_H
#define COVEN_LINK_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>

struct pool;

/* The caller owns it. */
struct pool *pool_new(void);

/* Frees all small pieces, too. */
void pool_free(struct pool *pool);

/* Watches the next piece of `size` bytes: the copy that libstrophe makes of bytes to send, and
 * frees when the last of them was written. libstrophe's queue length does not show that: it leaves
 * out an item that is partly written. */
void pool_watch(struct pool *pool, size_t size);

/* Is the watched piece still in use? */
bool pool_holds(const struct pool *pool);

/* For xmpp_ctx_new(); borrowed from the pool. */
const xmpp_mem_t *pool_mem(const struct pool *pool);

#endif
