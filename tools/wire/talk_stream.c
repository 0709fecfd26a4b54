#include "wire/talk_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/clock.h"
#include "wire/talk.h"

/* ---- What comes ---- */

static void set(struct buf *buf, const char *text)
{
    buf_clear(buf);
    buf_add_text(buf, text ? text : "");
}

static void on_opened(void *user, const struct wire_root *header)
{
    struct talk *talk = user;
    set(&talk->to, wire_attr(header, "to"));
    set(&talk->id, wire_attr(header, "id"));
    talk->opened = true;
}

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct talk *talk = user;
    set(&talk->name, stanza->root.name);
    set(&talk->type, wire_attr(&stanza->root, "type"));
    set(&talk->inner, "");
    buf_add_span(&talk->inner, stanza->inner);
    talk->heard = true;
}

static void on_closed(void *user)
{
    ((struct talk *)user)->closed = true;
}

/* ---- The stream ---- */

void talk_begin(struct talk *talk, int fd, uint32_t timeout_ms, struct buf *why)
{
    *talk = (struct talk){.fd = fd, .deadline = clock_mono_ms() + timeout_ms, .why = why};
    struct wire_events events = {talk, on_opened, on_stanza, on_closed};
    struct wire_limits limits = {0};
    talk->stream = wire_stream_new(&events, &limits, false);
}

int talk_end(struct talk *talk, bool well)
{
    wire_stream_free(talk->stream);
    struct buf *bufs[] = {&talk->to, &talk->id, &talk->name, &talk->type, &talk->inner};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        buf_free(bufs[i]);
    if (well)
        return talk->fd;
    if (talk->fd >= 0)
        close(talk->fd);
    return -1;
}

static bool fail(struct buf *why, const char *what, const char *detail)
{
    if (why->len == 0)
        buf_printf(why, "%s%s", what, detail);
    return false;
}

static bool wait_for(struct talk *talk, short events)
{
    struct pollfd poller = {.fd = talk->fd, .events = events};
    int64_t left = talk->deadline - clock_mono_ms();
    return talk->fd >= 0 && poll(&poller, 1, left > 0 ? (int)left : 0) > 0;
}

bool talk_send(struct talk *talk, struct span text)
{
    while (text.len) {
        if (!wait_for(talk, POLLOUT))
            return fail(talk->why, "the other side does not read", "");
        ssize_t sent = send(talk->fd, text.at, text.len, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return fail(talk->why, "the connection ended: ", strerror(errno));
        text.at += sent > 0 ? sent : 0;
        text.len -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static bool hear(struct talk *talk)
{
    char bytes[4096];
    if (talk->closed)
        return fail(talk->why, "the other side closed the stream", "");
    if (!wait_for(talk, POLLIN))
        return fail(talk->why, "no answer came in time while the stream was opened", "");
    ssize_t len = recv(talk->fd, bytes, sizeof bytes, 0);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (len <= 0)
        return fail(talk->why, "the connection ended while the stream was opened", "");
    enum wire_fault fault = wire_stream_feed(talk->stream, bytes, (size_t)len);
    return fault == WIRE_OK ||
           fail(talk->why, "what comes is no XMPP stream: ", wire_fault_condition(fault));
}

bool talk_header(struct talk *talk)
{
    while (!talk->opened)
        if (!hear(talk))
            return false;
    talk->opened = false;
    return true;
}

bool talk_next(struct talk *talk)
{
    while (!talk->heard)
        if (!hear(talk))
            return false;
    talk->heard = false;
    return true;
}

bool talk_expect(struct talk *talk, const char *name)
{
    if (!talk_next(talk))
        return false;
    if (strcmp(talk->name.data, name) == 0)
        return true;
    if (talk->why->len == 0)
        buf_printf(talk->why, "the server answered <%s>%.200s</> where <%s/> was expected",
                   talk->name.data, talk->inner.data, name);
    return false;
}

/* ---- Sockets ---- */

static int prepare(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

int talk_connect(const char *host, const char *port, struct buf *why)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    int problem = getaddrinfo(host, port, &hints, &found), fd = -1;
    if (problem != 0) {
        buf_printf(why, "cannot find %s port %s: %s", host, port, gai_strerror(problem));
        return -1;
    }
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) == 0)
            break;
        buf_clear(why);
        buf_printf(why, "cannot connect to %s port %s: %s", host, port, strerror(errno));
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    if (fd < 0)
        return -1;
    buf_clear(why);
    return prepare(fd);
}

int talk_accept(int listener, uint32_t timeout_ms, struct buf *why)
{
    struct pollfd poller = {.fd = listener, .events = POLLIN};
    int fd =
        poll(&poller, 1, (int)timeout_ms) > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (fd < 0) {
        fail(why, "no component connected in time", "");
        return -1;
    }
    return prepare(fd);
}

int talk_listen(const struct talk_settings *settings, struct buf *why)
{
    const char *host = settings->host ? settings->host : "127.0.0.1";
    const char *port = settings->port ? settings->port : "0";
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    int on = 1, fd = -1;
    if (getaddrinfo(host, port, &hints, &found) == 0) {
        fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                  bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 8) == 0;
        freeaddrinfo(found);
        if (ok)
            return fd;
    }
    buf_printf(why, "cannot listen at %s port %s: %s", host, port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}
