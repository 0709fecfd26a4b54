/* The server: the state that all its connections share. */
#ifndef SHIM_SERVER_H
#define SHIM_SERVER_H

#include <stdbool.h>
#include <uv.h>

#include "accounts.h"
#include "directory.h"
#include "pool.h"

struct options;

struct server;

struct listener {
    uv_tcp_t tcp;
    struct server *server;
    void (*accept)(struct server *server, uv_stream_t *listener);
};

struct server {
    uv_loop_t loop;
    struct pool pool;
    struct directory directory;
    struct accounts accounts;
    struct listener c2s, component;
    bool multi; /* makes the copies for components: multi.h */
    uv_signal_t stops[2];
};

/* Serves until SIGTERM or SIGINT. Returns the exit status, after one line on stderr for an error.
 */
int server_run(const struct options *options);

#endif
