/*
 * All connections, and the turns of the loop. Callbacks only fill queues; at the end of the turn
 * the owners of ended streams are told (never in the middle of a delivery), and then each
 * connection with queued bytes writes once.
 */
#ifndef SHIM_POOL_H
#define SHIM_POOL_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <uv.h>

#include "coven/buf.h"
#include "gate.h"
#include "wire/stream.h"

struct conn;

struct pool {
    uv_loop_t *loop;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_timer_t sweep;
    SSL_CTX *tls;
    struct conn *all;
    struct conn *dirty; /* those with bytes to write */
    struct conn *ended; /* those whose owners are not told of the end yet */
    unsigned count, max;
    bool refusing;       /* the limit is reached, and was logged */
    char *read_bytes;    /* the buffer of all reads */
    size_t taken;        /* bytes read in this turn */
    size_t waiting;      /* unwritten bytes of all connections */
    size_t full_bytes;   /* with more waiting, senders are held */
    struct gate senders; /* the senders held for that */
    struct buf nowhere;  /* takes the writes to streams that are over */
    struct wire_spare *spare;
    bool stopping;
};

#define POOL_READ_SIZE ((size_t)1024 * 1024)

/* Takes ownership of the context. */
void pool_open(struct pool *pool, uv_loop_t *loop, SSL_CTX *tls);

/* Closes every stream; the loop ends after the last connection. */
void pool_stop(struct pool *pool);

/* Called after the loop has ended. */
void pool_close(struct pool *pool);

/* ---- For the connections ---- */

/* False: the limit of connections is reached. */
bool pool_add(struct pool *pool, struct conn *conn);
void pool_remove(struct pool *pool, struct conn *conn);
/* Counts the bytes read and handled; ends a turn that is too long. */
void pool_took(struct pool *pool, size_t len);
/* Checks all connections in the next turn instead of at the next sweep. */
void pool_hurry(struct pool *pool);
void pool_mark_dirty(struct pool *pool, struct conn *conn);
void pool_mark_ended(struct pool *pool, struct conn *conn);

#endif
