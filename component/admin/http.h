/*
 * HTTP for operators: GET /metrics (OpenMetrics) and GET /health. It is served by libmicrohttpd on
 * covend's own loop, so there are no locks, and each answer is made between two turns.
 */
#ifndef ADMIN_HTTP_H
#define ADMIN_HTTP_H

#include <uv.h>

#include "metrics.h"

struct http;

struct http_settings {
    const char *listen; /* HOST:PORT, an address; borrowed until http_open() returns */
    struct service *service;
    /* Says how the daemon is. `*state_r` becomes the link's state in words, borrowed. */
    void (*look)(void *user, struct metrics_host *host, const char **state_r);
    void *user;
};

/* Listens. NULL if that is impossible, after logging why: the service works without it. */
struct http *http_open(uv_loop_t *loop, const struct http_settings *settings);

/* Ends all connections. The loop must run once more to close the handles, and frees the rest then.
 * NULL is allowed. */
void http_close(struct http *http);

#endif
