/*
 * One TCP connection that carries an XMPP stream, of a client or of a component: bytes in through
 * TLS and the stream reader, stanzas out through a queue that is written once a turn. What the
 * stream means is its owner's business.
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
    size_t stanza_bytes; /* the largest stanza that is read */
    size_t read_bytes;   /* read at a time; POOL_READ_SIZE at most */
    size_t queue_bytes;  /* what a peer that does not read may leave unread */
    size_t full_bytes;   /* above this, those who send to it are held */
    bool repeats;        /* it says the same to many */
    void (*opened)(void *owner, const struct wire_root *header);
    void (*stanza)(void *owner, const struct wire_stanza *stanza);
    /* The stream is over, nothing can be sent any more. Once, at the end of the turn. */
    void (*ended)(void *owner);
    /* The connection is gone: the owner goes too. */
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
    struct buf out;      /* what was said and is not written */
    struct buf flying;   /* what the loop is writing */
    size_t waiting;      /* bytes of both, as pool->waiting counts them */
    size_t left;         /* of what is flying, when the pool looked last */
    int64_t moved;       /* when less was left than before */
    struct gate senders; /* who are held until less is waiting here */
    struct gate *gate;   /* where it is held itself; NULL: it is not */
    struct conn *gate_prev, *gate_next;
    bool loopback;    /* the peer is on this machine */
    bool header_sent; /* our stream header is out */
    bool ended;       /* owner: told, or to be told */
    bool shut;        /* our end is closed, or about to be */
    bool dirty;       /* in pool->dirty */
    int64_t deadline; /* of the monotonic clock, when it is closed; 0: none */
    struct conn *prev, *next;
    struct conn *next_dirty, *next_ended;
};

/* Takes a connection that waits at `listener` and reads it; NULL when there is none, or one too
 * many. `conn` is zeroed memory within the owner's. */
bool conn_accept(struct conn *conn, struct pool *pool, uv_stream_t *listener,
                 const struct conn_kind *kind, void *owner);

/*
 * Where to write what is to be sent; conn_sent() afterwards. Whole stanzas only. Whatever is
 * written on a stream that is over disappears.
 */
struct buf *conn_out(struct conn *conn);
void conn_sent(struct conn *conn);

/* After something that came from `origin` was sent on: is too much waiting, here or in all, then
 * nothing more is read from there for a while. */
void conn_push_back(struct conn *conn, struct conn *origin);

/* Our stream header; `from` may be NULL. A stream has one each time it starts over. */
void conn_send_header(struct conn *conn, const char *from, const char *id);

/* The peer begins a new stream on the same connection. */
void conn_restart(struct conn *conn);

/* Everything after what was sent so far is TLS. False when that is not possible any more. */
bool conn_start_tls(struct conn *conn);

/* Closes the stream, with a stream error if there is one (`text` may be NULL), and the connection
 * once all is written. */
void conn_close(struct conn *conn, const char *condition, const char *text);

/* ---- For the pool and the gates ---- */

/* Goes on, or stops, to read. */
void conn_read(struct conn *conn, bool on);
/* Ends a peer that does not read, or has too much unread while all have. */
void conn_check(struct conn *conn, int64_t now);

void conn_flush(struct conn *conn);
void conn_drop(struct conn *conn); /* at once, without a word */

#endif
