/*
 * HTTP for operators, served by libmicrohttpd on covend's own loop, so there are no locks, and each
 * answer is made between two turns.
 *
 *   GET  /metrics      for Prometheus; OpenMetrics if the client accepts it (metrics.h)
 *   GET  /health       "ok", or with status 503 what is wrong
 *   GET  /rooms.json   public rooms (coven/directory.h), with ?limit=NUMBER and ?after=ADDRESS
 *   GET  /api          the commands
 *   POST /api/COMMAND  runs one. The body is a JSON object with its arguments, or empty.
 *
 * The last two want "Authorization: Bearer TOKEN". A command answers with {"rows": [...]}, to which
 * "error": {"condition": ..., "text": ...} is added if it fails, or, where the client accepts
 * application/x-ndjson, with the lines that reply.h tells. A failure before the first row gives a
 * fitting status. A client that goes away before ends its command, after the step that is under
 * way.
 */
#ifndef ADMIN_HTTP_H
#define ADMIN_HTTP_H

#include <uv.h>

#include "metrics.h"

struct http;

struct http_settings {
    const char *listen; /* HOST:PORT, an address; borrowed until http_open() returns */
    const char *token;  /* the same; NULL: commands are not offered */
    unsigned connections;
    unsigned seconds; /* for a client to send a request and take the answer */
    struct service *service;
    /* Says how the daemon is. `*state_r` becomes the link's state in words, borrowed. */
    void (*look)(void *user, struct metrics_host *host, const char **state_r);
    /* Another thread has something to do, or a run can go on. */
    void (*wake)(void *user);
    void *user;
};

/* Listens. NULL if that is impossible, after logging why: the service works without it. */
struct http *http_open(uv_loop_t *loop, const struct http_settings *settings);

/* Ends all connections. The loop must run once more to close the handles, and frees the rest then.
 * NULL is allowed. */
void http_close(struct http *http);

#endif
