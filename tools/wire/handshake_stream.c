#include "wire/handshake_stream.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "coven/clock.h"

/* ---- Events of the stream ---- */

static void set(struct buf *buf, const char *text)
{
    buf_clear(buf);
    buf_add_text(buf, text ? text : "");
}

static void on_opened(void *user, const struct wire_root *header)
{
    struct handshake *handshake = user;
    set(&handshake->to, wire_attr(header, "to"));
    set(&handshake->id, wire_attr(header, "id"));
    handshake->opened = true;
}

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct handshake *handshake = user;
    set(&handshake->name, stanza->root.name);
    set(&handshake->type, wire_attr(&stanza->root, "type"));
    set(&handshake->inner, "");
    buf_add_span(&handshake->inner, stanza->inner);
    handshake->received = true;
}

static void on_closed(void *user)
{
    ((struct handshake *)user)->closed = true;
}

/* ---- The stream ---- */

void handshake_begin(struct handshake *handshake, int fd, uint32_t timeout_ms, struct buf *why)
{
    *handshake = (struct handshake){.fd = fd, .deadline = clock_mono_ms() + timeout_ms, .why = why};
    struct wire_events events = {handshake, on_opened, on_stanza, on_closed};
    struct wire_limits limits = {0};
    handshake->stream = wire_stream_new(&events, &limits, false);
}

int handshake_end(struct handshake *handshake, bool well)
{
    wire_stream_free(handshake->stream);
    struct buf *bufs[] = {&handshake->to, &handshake->id, &handshake->name, &handshake->type,
                          &handshake->inner};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        buf_free(bufs[i]);
    if (well)
        return handshake->fd;
    tls_free(handshake->tls);
    if (handshake->fd >= 0)
        close(handshake->fd);
    return -1;
}

static bool fail(struct buf *why, const char *what, const char *detail)
{
    if (why->len == 0)
        buf_printf(why, "%s%s", what, detail);
    return false;
}

static bool wait_for(struct handshake *handshake, short events)
{
    struct pollfd poller = {.fd = handshake->fd, .events = events};
    int64_t left = handshake->deadline - clock_mono_ms();
    return handshake->fd >= 0 && poll(&poller, 1, left > 0 ? (int)left : 0) > 0;
}

bool handshake_send(struct handshake *handshake, struct span text)
{
    while (text.len) {
        if (!wait_for(handshake, POLLOUT))
            return fail(handshake->why, "the peer does not read", "");
        ssize_t sent = tls_send(handshake->tls, handshake->fd, text.at, text.len);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return fail(handshake->why, "the connection closed: ", strerror(errno));
        text.at += sent > 0 ? sent : 0;
        text.len -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static bool receive(struct handshake *handshake)
{
    char bytes[4096];
    if (handshake->closed)
        return fail(handshake->why, "the peer closed the stream", "");
    ssize_t len = tls_receive(handshake->tls, handshake->fd, bytes, sizeof bytes);
    if (len < 0 && errno == EAGAIN)
        return wait_for(handshake, POLLIN) ||
               fail(handshake->why, "timeout during the handshake", "");
    if (len < 0 && errno == EINTR)
        return true;
    if (len <= 0)
        return fail(handshake->why, "the connection closed during the handshake", "");
    enum wire_fault fault = wire_stream_feed(handshake->stream, bytes, (size_t)len);
    return fault == WIRE_OK ||
           fail(handshake->why, "invalid XMPP stream: ", wire_fault_condition(fault));
}

bool handshake_header(struct handshake *handshake)
{
    while (!handshake->opened)
        if (!receive(handshake))
            return false;
    handshake->opened = false;
    return true;
}

bool handshake_next(struct handshake *handshake)
{
    while (!handshake->received)
        if (!receive(handshake))
            return false;
    handshake->received = false;
    return true;
}

bool handshake_expect(struct handshake *handshake, const char *name)
{
    if (!handshake_next(handshake))
        return false;
    if (strcmp(handshake->name.data, name) == 0)
        return true;
    if (handshake->why->len == 0)
        buf_printf(handshake->why, "received <%s>%.200s</> instead of <%s/>", handshake->name.data,
                   handshake->inner.data, name);
    return false;
}
