/*
 * One TCP connection with the XMPP stream of a client or a component. Received bytes go through TLS
 * and the stream reader; sent stanzas go through a queue that is written once per turn. The owner
 * handles the stanzas.
 */
#ifndef SHIM_CONN_H
#define SHIM_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "coven/buf.h"
#include "gate.h"
#include "pool.h"
#include "tls.h"
#include "wire/stream.h"

struct conn_kind {
    const char *ns;      /* the stream's default namespace */
    size_t stanza_bytes; /* the size limit of a received stanza */
    size_t read_bytes;   /* the size of one read, at most POOL_READ_SIZE */
    size_t queue_bytes;  /* the limit of unread bytes: above it the peer is disconnected */
    size_t full_bytes;   /* with more unread bytes, senders to it are held */
    void (*opened)(void *owner, const struct wire_root *header);
    void (*stanza)(void *owner, const struct wire_stanza *stanza);
    /* The stream is over, and nothing more can be sent. Called once, at the end of a turn. */
    void (*ended)(void *owner);
    /* The connection is closed: the owner frees itself. */
    void (*freed)(void *owner);
};

struct conn {
    uv_tcp_t tcp;
    uv_write_t write;
    uv_shutdown_t shutdown;
    struct pool *pool;
    const struct conn_kind *kind;
    void *owner;
    struct wire_stream *reader;
    struct tls *tls;     /* NULL: the stream is plain */
    struct buf out;      /* bytes to write */
    struct buf flying;   /* bytes that the loop is writing */
    size_t waiting;      /* bytes in both, as counted in pool->waiting */
    size_t left;         /* bytes left in `flying` at the last check */
    int64_t moved;       /* the time (clock_mono_ms()) when `left` last shrank */
    struct gate senders; /* senders held until less is waiting here */
    struct gate *gate;   /* the gate that holds this one; NULL: none */
    struct conn *gate_prev, *gate_next;
    bool loopback;    /* the peer is on this machine */
    bool header_sent; /* our stream header is out */
    bool ended;       /* the stream is over; the owner is told at the end of the turn */
    bool shut;        /* our end is closed, or closes after the last write */
    bool dirty;       /* in pool->dirty */
    int64_t deadline; /* when it is closed, on the monotonic clock, in ms; 0: never */
    struct conn *prev, *next;
    struct conn *next_dirty, *next_ended;
};

/* Accepts a connection at `listener` and starts to read it. `conn` is zeroed memory inside the
 * owner's. False: there is none, or the limit is reached. */
bool conn_accept(struct conn *conn, struct pool *pool, uv_stream_t *listener,
                 const struct conn_kind *kind, void *owner);

/*
 * The buffer for whole stanzas to send; conn_sent() follows. On a stream that is over, everything
 * written is dropped.
 */
struct buf *conn_out(struct conn *conn);
void conn_sent(struct conn *conn);

/* Called after a stanza of `origin` was queued here: holds `origin` when too much is waiting, here
 * or in all. */
void conn_push_back(struct conn *conn, struct conn *origin);

/* Sends our stream header, again after each restart; `from` may be NULL. */
void conn_send_header(struct conn *conn, const char *from, const char *id);

/* Restarts the stream: the peer sends a new header. */
void conn_restart(struct conn *conn);

/* Starts TLS after the bytes queued so far. False: the stream is over. */
bool conn_start_tls(struct conn *conn);

/* Closes the stream, with a stream error unless `condition` is NULL (`text` may be NULL), and the
 * connection after the last write. */
void conn_close(struct conn *conn, const char *condition, const char *text);

/* ---- For the pool and the gates ---- */

/* Starts or stops reading. */
void conn_read(struct conn *conn, bool on);
/* Disconnects a peer that does not read, or has too much unread while the pool is full. */
void conn_check(struct conn *conn, int64_t now);

void conn_flush(struct conn *conn);
void conn_drop(struct conn *conn); /* at once, without closing the stream */

#endif
