/* Host names to numeric addresses, without waiting. */
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

/* `status` is 0 (then there is an address) or libuv's error. */
typedef void resolve_done(void *user, int status, const struct addresses *found);

/* A numeric host is answered before this returns, and NULL is returned. */
struct resolve *resolve_start(uv_loop_t *loop, const char *host, resolve_done *done, void *user);

/* `done` will not be called; NULL is allowed. */
void resolve_cancel(struct resolve *resolve);

#endif
