#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/mem.h"

struct transport {
    int fd;
    SSL *tls; /* NULL: plain */
    struct buf out;
};

static bool wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd poller = {.fd = fd, .events = events};
    for (;;) {
        int64_t left = deadline - clock_mono_ms();
        int ready = poll(&poller, 1, left > 0 ? (int)left : 0);
        if (ready >= 0 || errno != EINTR)
            return ready > 0;
    }
}

/* ---- Connecting ---- */

/* A connected socket, or -1 and errno. */
static int connect_address(const struct addrinfo *address, int64_t deadline)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
        return fd;
    if (errno != EINPROGRESS)
        error = errno;
    else if (!wait_for(fd, POLLOUT, deadline))
        error = ETIMEDOUT;
    else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (error == 0)
        return fd;
    close(fd);
    errno = error;
    return -1;
}

struct transport *transport_connect(const char *host, const char *port, int64_t deadline,
                                    struct buf *error)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    int problem = getaddrinfo(host, port, &hints, &found);
    if (problem != 0) {
        buf_printf(error, "cannot find %s port %s: %s", host, port, gai_strerror(problem));
        return NULL;
    }
    int fd = -1;
    for (const struct addrinfo *next = found; next && fd < 0; next = next->ai_next)
        fd = connect_address(next, deadline);
    freeaddrinfo(found);
    if (fd < 0) {
        buf_printf(error, "cannot connect to %s port %s: %s", host, port, strerror(errno));
        return NULL;
    }
    struct transport *transport = mem_new(sizeof *transport);
    transport->fd = fd;
    return transport;
}

void transport_free(struct transport *transport)
{
    if (!transport)
        return;
    SSL_free(transport->tls);
    close(transport->fd);
    buf_free(&transport->out);
    free(transport);
}

/* ---- TLS ---- */

static SSL *tls_new(int fd, const char *domain)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context)
        return NULL;
    SSL *tls = SSL_new(context);
    SSL_CTX_free(context); /* the connection holds a reference */
    if (!tls)
        return NULL;
    SSL_set_verify(tls, SSL_VERIFY_NONE, NULL);
    SSL_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_set_fd(tls, fd) == 1 && SSL_set_tlsext_host_name(tls, domain) == 1)
        return tls;
    SSL_free(tls);
    return NULL;
}

static bool tls_shake_hands(SSL *tls, int fd, int64_t deadline)
{
    for (;;) {
        int result = SSL_connect(tls);
        if (result == 1)
            return true;
        int need = SSL_get_error(tls, result);
        if (need != SSL_ERROR_WANT_READ && need != SSL_ERROR_WANT_WRITE)
            return false;
        if (!wait_for(fd, need == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
            return false;
    }
}

bool transport_start_tls(struct transport *transport, const char *domain, int64_t deadline,
                         struct buf *error)
{
    ERR_clear_error();
    transport->tls = tls_new(transport->fd, domain);
    if (transport->tls && tls_shake_hands(transport->tls, transport->fd, deadline))
        return true;
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    buf_printf(error, "the TLS handshake failed: %s", reason ? reason : "no answer");
    return false;
}

/* ---- Bytes ---- */

enum moved { MOVED, MOVED_NOT_NOW, MOVED_ENDED };

static enum moved moved_of(const struct transport *transport, int result)
{
    if (result > 0)
        return MOVED;
    if (!transport->tls)
        return result < 0 && (errno == EAGAIN || errno == EINTR) ? MOVED_NOT_NOW : MOVED_ENDED;
    int need = SSL_get_error(transport->tls, result);
    ERR_clear_error();
    return need == SSL_ERROR_WANT_READ || need == SSL_ERROR_WANT_WRITE ? MOVED_NOT_NOW
                                                                       : MOVED_ENDED;
}

static enum moved write_some(struct transport *transport)
{
    int len = (int)transport->out.len;
    int result = transport->tls
                     ? SSL_write(transport->tls, transport->out.data, len)
                     : (int)send(transport->fd, transport->out.data, (size_t)len, MSG_NOSIGNAL);
    enum moved moved = moved_of(transport, result);
    if (moved == MOVED)
        buf_consume(&transport->out, (size_t)result);
    return moved;
}

static enum moved read_some(struct transport *transport, struct buf *in)
{
    enum { PIECE = 16384 };
    char *end = buf_reserve(in, PIECE);
    int result = transport->tls ? SSL_read(transport->tls, end, PIECE)
                                : (int)recv(transport->fd, end, PIECE, 0);
    enum moved moved = moved_of(transport, result);
    if (moved == MOVED)
        in->len += (size_t)result;
    return moved;
}

void transport_send(struct transport *transport, struct span bytes)
{
    buf_add_span(&transport->out, bytes);
}

struct pollfd transport_poll(const struct transport *transport)
{
    short events = transport->out.len ? POLLIN | POLLOUT : POLLIN;
    return (struct pollfd){.fd = transport->fd, .events = events};
}

bool transport_move(struct transport *transport, struct buf *in)
{
    enum moved moved = MOVED;
    while (transport->out.len && moved == MOVED)
        moved = write_some(transport);
    do {
        moved = read_some(transport, in);
    } while (moved == MOVED);
    return moved != MOVED_ENDED;
}
