/* Resolves host names to numeric addresses without blocking. */
#ifndef COVEN_LINK_RESOLVE_H
#define COVEN_LINK_RESOLVE_H

#include <netinet/in.h>
#include <uv.h>

#define ADDRESSES_MAX 8

struct addresses {
    unsigned count;
    char text[ADDRESSES_MAX][INET6_ADDRSTRLEN];
};

struct resolve;

/* `status`: 0, then `found` has at least one address; or libuv's error. */
typedef void resolve_done(void *user, int status, const struct addresses *found);

/* Calls `done` once, unless it is cancelled. For a numeric host, or if the resolver cannot start,
 * `done` is called before this returns NULL. */
struct resolve *resolve_start(uv_loop_t *loop, const char *host, resolve_done *done, void *user);

/* Ensures that `done` is not called. NULL is allowed. The handle is invalid afterwards. */
void resolve_cancel(struct resolve *resolve);

#endif
