#include "connection.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/bug.h"
#include "coven/ns.h"

#define PIECE (64 * 1024)

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct connection *connection = user;
    if (!connection->reading_stopped)
        connection->stanza(connection->user, stanza);
}

static void on_opened(void *user, const struct wire_root *header)
{
    (void)user;
    (void)header;
}

static void on_closed(void *user)
{
    (void)user;
}

void connection_take(struct connection *connection, int fd)
{
    /* The peer's stream header has been read already; its stanzas are read under this one. */
    static const char header[] =
        "<stream:stream xmlns:stream='" NS_STREAM "' xmlns='" NS_COMPONENT "'>";
    struct wire_events events = {connection, on_opened, on_stanza, on_closed};
    struct wire_limits limits = {.stanza_bytes = 1024 * 1024};
    connection->fd = fd;
    connection->reading_stopped = false;
    connection->stream = wire_stream_new(&events, &limits, true);
    enum wire_fault fault = wire_stream_feed(connection->stream, header, sizeof header - 1);
    coven_assert(fault == WIRE_OK);
}

bool connection_open(struct connection *connection, int listener,
                     const struct handshake_settings *settings, struct buf *why)
{
    int fd = handshake_as_server(listener, settings, why);
    if (fd >= 0)
        connection_take(connection, fd);
    return fd >= 0;
}

void connection_close(struct connection *connection)
{
    if (connection->fd < 0)
        return;
    close(connection->fd);
    connection->fd = -1;
    wire_stream_free(connection->stream);
    connection->stream = NULL;
    buf_free(&connection->out);
}

static void send_some(struct connection *connection)
{
    while (connection->out.len) {
        ssize_t sent =
            send(connection->fd, connection->out.data, connection->out.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            buf_clear(
                &connection
                     ->out); /* the peer has closed; what it sent before is still to be read */
        if (sent <= 0)
            return;
        buf_consume(&connection->out, (size_t)sent);
    }
}

static void read_some(struct connection *connection, struct buf *why)
{
    static char bytes[PIECE];
    ssize_t len = recv(connection->fd, bytes, sizeof bytes, 0);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len <= 0) {
        connection_close(connection);
        return;
    }
    enum wire_fault fault = wire_stream_feed(connection->stream, bytes, (size_t)len);
    if (fault == WIRE_OK)
        return;
    buf_printf(why, "invalid XMPP received: %s", wire_fault_condition(fault));
    connection_close(connection);
}

void connection_poll(struct connection *connection, int timeout_ms, struct buf *why)
{
    if (connection->fd < 0)
        return;
    send_some(connection);
    struct pollfd poller = connection_poller(connection);
    if (poll(&poller, 1, timeout_ms) <= 0)
        return;
    if (poller.revents & POLLOUT)
        send_some(connection);
    if (!connection->reading_stopped && poller.revents & (POLLIN | POLLHUP | POLLERR))
        read_some(connection, why);
}
