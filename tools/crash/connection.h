/* An open XMPP stream: covend's link as its server sees it, or a client's connection. */
#ifndef CRASH_CONNECTION_H
#define CRASH_CONNECTION_H

#include <poll.h>
#include <stdbool.h>

#include "coven/buf.h"
#include "wire/handshake.h"
#include "wire/stream.h"

struct connection {
    int fd;               /* -1: closed */
    bool reading_stopped; /* what arrives is not read any more */
    void *user;
    void (*stanza)(void *user, const struct wire_stanza *stanza);
    /* private */
    struct wire_stream *stream;
    struct buf out;
};

/* Accepts covend on the listening socket. False: one line of `why`. */
bool connection_open(struct connection *connection, int listener,
                     const struct handshake_settings *settings, struct buf *why);

/* Takes over a socket on which stanzas may be sent. */
void connection_take(struct connection *connection, int fd);

/* Closes at once; what is unsent or unread is lost. Must not be called from stanza(), which may set
 * `reading_stopped` instead. */
void connection_close(struct connection *connection);

/* The buffer for stanzas; connection_poll() sends them. */
static inline struct buf *connection_out(struct connection *connection)
{
    return &connection->out;
}

/* What to wait for when many connections are polled together. */
static inline struct pollfd connection_poller(const struct connection *connection)
{
    short in = connection->reading_stopped ? 0 : POLLIN, out = connection->out.len ? POLLOUT : 0;
    return (struct pollfd){.fd = connection->fd, .events = (short)(in | out)};
}

/* Sends, then waits for input and reads. Closes the connection when the peer has closed it or sends
 * invalid XMPP; only the latter adds a line to `why`. */
void connection_poll(struct connection *connection, int timeout_ms, struct buf *why);

#endif
