/*
 * All connections, and the turns of the loop. Whatever callbacks say is gathered; at the end of the
 * turn the streams that ended are taken apart (never in the middle of a delivery), and then every
 * connection that has something to send writes once.
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
    struct conn *dirty; /* have something to write */
    struct conn *ended; /* are over, and their owners do not know */
    unsigned count, max;
    bool refusing;       /* there were too many, and that was said */
    char *read_bytes;    /* what every read goes into */
    size_t taken;        /* bytes, in this turn */
    size_t waiting;      /* bytes that are not written, of all */
    size_t full_bytes;   /* above this, those who send more are held */
    struct gate senders; /* who is held for that */
    struct buf nowhere;  /* what is written on streams that are over */
    struct wire_spare *spare;
    bool stopping;
};

#define POOL_READ_SIZE ((size_t)1024 * 1024)

/* Takes over the context. */
void pool_open(struct pool *pool, uv_loop_t *loop, SSL_CTX *tls);

/* Closes every stream; when the last connection is gone, nothing keeps the loop. */
void pool_stop(struct pool *pool);

/* After the loop has ended. */
void pool_close(struct pool *pool);

/* ---- For the connections ---- */

/* False when it is one too many. */
bool pool_add(struct pool *pool, struct conn *conn);
void pool_remove(struct pool *pool, struct conn *conn);
/* So many bytes were read and dealt with: a long turn ends here. */
void pool_took(struct pool *pool, size_t len);
/* Looks after everybody at once, instead of half a second later. */
void pool_hurry(struct pool *pool);
void pool_mark_dirty(struct pool *pool, struct conn *conn);
void pool_mark_ended(struct pool *pool, struct conn *conn);

#endif
