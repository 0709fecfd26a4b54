#include "line.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/bug.h"
#include "coven/ns.h"

#define PIECE (64 * 1024)

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct line *line = user;
    if (!line->deaf)
        line->stanza(line->user, stanza);
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

void line_take(struct line *line, int fd)
{
    /* The stream's header has been read already; the stanzas are read under one like it. */
    static const char header[] =
        "<stream:stream xmlns:stream='" NS_STREAM "' xmlns='" NS_COMPONENT "'>";
    struct wire_events events = {line, on_opened, on_stanza, on_closed};
    struct wire_limits limits = {.stanza_bytes = 1024 * 1024};
    line->fd = fd;
    line->deaf = false;
    line->stream = wire_stream_new(&events, &limits, true);
    enum wire_fault fault = wire_stream_feed(line->stream, header, sizeof header - 1);
    coven_assert(fault == WIRE_OK);
}

bool line_open(struct line *line, int listener, const struct talk_settings *settings,
               struct buf *why)
{
    int fd = talk_as_server(listener, settings, why);
    if (fd >= 0)
        line_take(line, fd);
    return fd >= 0;
}

void line_close(struct line *line)
{
    if (line->fd < 0)
        return;
    close(line->fd);
    line->fd = -1;
    wire_stream_free(line->stream);
    line->stream = NULL;
    buf_free(&line->out);
}

static void send_some(struct line *line)
{
    while (line->out.len) {
        ssize_t sent = send(line->fd, line->out.data, line->out.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            buf_clear(&line->out); /* it has gone; what it said before is still to be read */
        if (sent <= 0)
            return;
        buf_consume(&line->out, (size_t)sent);
    }
}

static void read_some(struct line *line, struct buf *why)
{
    static char bytes[PIECE];
    ssize_t len = recv(line->fd, bytes, sizeof bytes, 0);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (len <= 0) {
        line_close(line);
        return;
    }
    enum wire_fault fault = wire_stream_feed(line->stream, bytes, (size_t)len);
    if (fault == WIRE_OK)
        return;
    buf_printf(why, "what covend sent is no XMPP: %s", wire_fault_condition(fault));
    line_close(line);
}

void line_poll(struct line *line, int timeout_ms, struct buf *why)
{
    if (line->fd < 0)
        return;
    send_some(line);
    short wanted = (short)((line->deaf ? 0 : POLLIN) | (line->out.len ? POLLOUT : 0));
    struct pollfd poller = {.fd = line->fd, .events = wanted};
    if (poll(&poller, 1, timeout_ms) <= 0)
        return;
    if (poller.revents & POLLOUT)
        send_some(line);
    if (!line->deaf && poller.revents & (POLLIN | POLLHUP | POLLERR))
        read_some(line, why);
}
