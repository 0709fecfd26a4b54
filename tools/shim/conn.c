#include "conn.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "coven/xml.h"

#define LOGIN_MS   30000 /* limit for the login */
#define GOODBYE_MS 3000  /* limit for reading the end of the stream */
#define DEAF_MS    30000 /* limit for reading any of the waiting bytes */

/* While the pool is full, the limit of one connection is divided by this. */
#define CROWDED 8

/* The initial capacity, in bytes. An empty buffer is freed, as most connections are idle. */
#define OUT_FIRST         1000u

#define KEEPALIVE_SECONDS 120

/* ---- Waiting bytes ---- */

static void count(struct conn *conn)
{
    size_t waiting = conn->out.len + conn->flying.len;
    conn->pool->waiting += waiting - conn->waiting;
    conn->waiting = waiting;
}

void conn_push_back(struct conn *conn, struct conn *origin)
{
    if (conn->ended)
        return;
    if (conn->waiting > conn->kind->full_bytes) {
        gate_hold(&conn->senders, origin);
    } else if (conn->pool->waiting > conn->pool->full_bytes) {
        gate_hold(&conn->pool->senders, origin);
        pool_hurry(conn->pool);
    }
}

/* Senders are let through at half of the limit that held them. */
static void let_through(struct conn *conn)
{
    if (conn->senders.held && conn->waiting <= conn->kind->full_bytes / 2)
        gate_open(&conn->senders);
    if (conn->pool->senders.held && conn->pool->waiting <= conn->pool->full_bytes / 2)
        gate_open(&conn->pool->senders);
}

/* ---- Ending ---- */

static void end(struct conn *conn)
{
    if (conn->ended)
        return;
    conn->ended = true;
    conn->deadline = clock_mono_ms() + GOODBYE_MS;
    gate_release(conn);
    gate_open(&conn->senders);
    pool_mark_ended(conn->pool, conn);
}

static void on_closed(uv_handle_t *handle)
{
    struct conn *conn = handle->data;
    pool_remove(conn->pool, conn);
    wire_stream_free(conn->reader);
    tls_free(conn->tls);
    buf_free(&conn->out);
    buf_free(&conn->flying);
    count(conn);
    let_through(conn);
    conn->kind->freed(conn->owner);
}

void conn_drop(struct conn *conn)
{
    end(conn);
    conn->deadline = 0;
    conn->shut = true;
    if (!uv_is_closing((uv_handle_t *)&conn->tcp))
        uv_close((uv_handle_t *)&conn->tcp, on_closed);
}

static void add_stream_error(struct buf *out, const char *condition, const char *text)
{
    buf_printf(out, "<stream:error><%s xmlns='" NS_STREAM_ERRORS "'/>", condition);
    if (text) {
        buf_add_text(out, "<text xmlns='" NS_STREAM_ERRORS "'>");
        xml_escape_attr(out, span_of(text));
        buf_add_text(out, "</text>");
    }
    buf_add_text(out, "</stream:error>");
}

void conn_close(struct conn *conn, const char *condition, const char *text)
{
    if (conn->ended)
        return;
    if (!conn->header_sent)
        conn_send_header(conn, NULL, "none");
    if (condition)
        add_stream_error(&conn->out, condition, text);
    buf_add_text(&conn->out, "</stream:stream>");
    if (conn->tls) {
        tls_send(conn->tls, &conn->out);
        tls_close(conn->tls);
    }
    end(conn);
    pool_mark_dirty(conn->pool, conn);
}

/* ---- Writing ---- */

struct buf *conn_out(struct conn *conn)
{
    if (!conn->ended) {
        if (!conn->out.data)
            buf_reserve(&conn->out, OUT_FIRST);
        return &conn->out;
    }
    buf_clear(&conn->pool->nowhere);
    return &conn->pool->nowhere;
}

void conn_sent(struct conn *conn)
{
    if (conn->ended)
        return;
    pool_mark_dirty(conn->pool, conn);
    count(conn);
    if (conn->waiting <= conn->kind->queue_bytes)
        return;
    buf_free(&conn->out);
    conn_close(conn, "policy-violation", "Too many unread bytes");
}

/* The bytes in flight that the kernel has not taken yet. */
static size_t left_of(const struct conn *conn)
{
    return conn->flying.len ? uv_stream_get_write_queue_size((const uv_stream_t *)&conn->tcp) : 0;
}

void conn_check(struct conn *conn, int64_t now)
{
    size_t left = left_of(conn);
    if (left == 0 || left != conn->left)
        conn->moved = now;
    conn->left = left;
    bool crowds = conn->pool->senders.held && conn->waiting > conn->kind->queue_bytes / CROWDED;
    if (crowds || now - conn->moved > DEAF_MS)
        conn_drop(conn);
}

void conn_send_header(struct conn *conn, const char *from, const char *id)
{
    struct buf *out = conn_out(conn);
    buf_printf(out, "<?xml version='1.0'?><stream:stream xmlns='%s' xmlns:stream='" NS_STREAM "'",
               conn->kind->ns);
    if (from) {
        buf_add_text(out, " from='");
        xml_escape_attr(out, span_of(from));
        buf_add_char(out, '\'');
    }
    buf_printf(out, " id='%s' version='1.0' xml:lang='en'>", id);
    conn->header_sent = true;
    conn_sent(conn);
}

static void on_shut(uv_shutdown_t *request, int status)
{
    struct conn *conn = request->data;
    if (status < 0)
        conn_drop(conn);
}

/* The last byte is written: only the peer's end is missing. */
static void shut(struct conn *conn)
{
    conn->shut = true;
    conn->shutdown.data = conn;
    if (uv_shutdown(&conn->shutdown, (uv_stream_t *)&conn->tcp, on_shut) != 0)
        conn_drop(conn);
}

static void on_written(uv_write_t *request, int status)
{
    struct conn *conn = request->data;
    buf_free(&conn->flying);
    count(conn);
    if (uv_is_closing((uv_handle_t *)&conn->tcp))
        return;
    if (status < 0)
        conn_drop(conn);
    else
        pool_mark_dirty(conn->pool, conn);
}

/* Writes as much as the kernel takes, and leaves the rest to the loop. */
static void write_out(struct conn *conn, struct buf *bytes)
{
    uv_stream_t *stream = (uv_stream_t *)&conn->tcp;
    uv_buf_t all = uv_buf_init(bytes->data, (unsigned)bytes->len);
    int written = uv_try_write(stream, &all, 1);
    if (written == UV_EAGAIN)
        written = 0;
    if (written < 0) {
        conn_drop(conn);
        return;
    }
    if ((size_t)written == bytes->len) {
        buf_free(bytes);
        return;
    }
    conn->flying = *bytes;
    *bytes = BUF_INIT;
    uv_buf_t rest =
        uv_buf_init(conn->flying.data + written, (unsigned)(conn->flying.len - (size_t)written));
    conn->write.data = conn;
    if (uv_write(&conn->write, stream, &rest, 1, on_written) != 0)
        conn_drop(conn);
}

void conn_flush(struct conn *conn)
{
    if (conn->shut || conn->flying.len)
        return;
    struct buf *bytes = &conn->out;
    if (conn->tls) {
        tls_send(conn->tls, &conn->out);
        bytes = tls_wire(conn->tls);
    }
    if (bytes->len)
        write_out(conn, bytes);
    count(conn);
    let_through(conn);
    if (conn->ended && !conn->shut && !conn->flying.len)
        shut(conn);
}

/* ---- Reading ---- */

static void on_opened(void *user, const struct wire_root *header)
{
    struct conn *conn = user;
    if (!conn->ended)
        conn->kind->opened(conn->owner, header);
}

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct conn *conn = user;
    if (conn->ended)
        wire_stream_restart(conn->reader);
    else
        conn->kind->stanza(conn->owner, stanza);
}

static void on_stream_closed(void *user)
{
    conn_close(user, NULL, NULL);
}

static void take_plain(void *user, struct span bytes)
{
    struct conn *conn = user;
    if (conn->ended)
        return;
    enum wire_fault fault = wire_stream_feed(conn->reader, bytes.at, bytes.len);
    if (fault != WIRE_OK)
        conn_close(conn, wire_fault_condition(fault), NULL);
}

static void take_wire(struct conn *conn, struct span bytes)
{
    if (conn->ended)
        return;
    if (!conn->tls) {
        take_plain(conn, bytes);
        return;
    }
    bool alive = tls_receive(conn->tls, bytes, take_plain, conn);
    pool_mark_dirty(conn->pool, conn);
    if (!alive)
        conn_close(conn, NULL, NULL);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *bytes)
{
    struct conn *conn = stream->data;
    if (len < 0)
        conn_drop(conn);
    if (len <= 0)
        return;
    take_wire(conn, (struct span){bytes->base, (size_t)len});
    pool_took(conn->pool, (size_t)len);
}

static void give_bytes(uv_handle_t *handle, size_t suggested, uv_buf_t *bytes)
{
    (void)suggested;
    struct conn *conn = handle->data;
    *bytes = uv_buf_init(conn->pool->read_bytes, (unsigned)conn->kind->read_bytes);
}

void conn_read(struct conn *conn, bool on)
{
    uv_stream_t *stream = (uv_stream_t *)&conn->tcp;
    if (uv_is_closing((uv_handle_t *)stream))
        return;
    if (on)
        uv_read_start(stream, give_bytes, on_read);
    else
        uv_read_stop(stream);
}

void conn_restart(struct conn *conn)
{
    conn->header_sent = false;
    wire_stream_restart(conn->reader);
}

bool conn_start_tls(struct conn *conn)
{
    conn_flush(conn);
    if (conn->ended || conn->out.len || conn->flying.len)
        return false;
    conn->tls = tls_new(conn->pool->tls);
    conn_restart(conn);
    return true;
}

static bool peer_is_here(uv_tcp_t *tcp)
{
    struct sockaddr_storage peer;
    int len = sizeof peer;
    if (uv_tcp_getpeername(tcp, (struct sockaddr *)&peer, &len) != 0)
        return false;
    if (peer.ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, &peer, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, &peer, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127);
}

bool conn_accept(struct conn *conn, struct pool *pool, uv_stream_t *listener,
                 const struct conn_kind *kind, void *owner)
{
    struct wire_events events = {conn, on_opened, on_stanza, on_stream_closed};
    struct wire_limits limits = {.stanza_bytes = kind->stanza_bytes};
    conn->pool = pool;
    conn->kind = kind;
    conn->owner = owner;
    conn->reader = wire_stream_new(&events, &limits, false);
    wire_stream_share(conn->reader, pool->spare);
    uv_tcp_init(pool->loop, &conn->tcp);
    conn->tcp.data = conn;
    bool fits = pool_add(pool, conn);
    if (uv_accept(listener, (uv_stream_t *)&conn->tcp) != 0 || !fits) {
        conn_drop(conn);
        return false;
    }
    conn->loopback = peer_is_here(&conn->tcp);
    conn->deadline = clock_mono_ms() + LOGIN_MS;
    uv_tcp_nodelay(&conn->tcp, 1);
    uv_tcp_keepalive(&conn->tcp, 1, KEEPALIVE_SECONDS);
    conn_read(conn, true);
    return true;
}
