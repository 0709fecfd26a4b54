#include "wire/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "coven/clock.h"
#include "coven/mem.h"

struct tls {
    SSL *ssl;
};

/* ---- The handshake ---- */

/* False: OpenSSL has no memory. */
static bool prepare(SSL *ssl, int fd, const char *domain)
{
    if (!ssl)
        return false;
    SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
    SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_read_ahead(ssl, 1); /* one system call for a record, not two */
    return SSL_set_fd(ssl, fd) == 1 && SSL_set_tlsext_host_name(ssl, domain) == 1;
}

static bool wait_for(int fd, short events, int64_t deadline)
{
    struct pollfd poller = {.fd = fd, .events = events};
    int64_t left = deadline - clock_mono_ms();
    return poll(&poller, 1, left > 0 ? (int)left : 0) > 0;
}

static bool shake_hands(SSL *ssl, int fd, int64_t deadline)
{
    for (;;) {
        int result = SSL_connect(ssl), need = SSL_get_error(ssl, result);
        if (result == 1)
            return true;
        if (need != SSL_ERROR_WANT_READ && need != SSL_ERROR_WANT_WRITE)
            return false;
        if (!wait_for(fd, need == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
            return false;
    }
}

struct tls *tls_connect(int fd, const char *domain, int64_t deadline)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    struct tls *tls = mem_new(sizeof *tls);
    tls->ssl = context ? SSL_new(context) : NULL;
    SSL_CTX_free(context); /* the connection holds a reference */
    if (prepare(tls->ssl, fd, domain) && shake_hands(tls->ssl, fd, deadline))
        return tls;
    ERR_clear_error();
    tls_free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (tls)
        SSL_free(tls->ssl);
    free(tls);
}

/* ---- Bytes ---- */

/* The result of recv() or send(), and errno. */
static ssize_t moved(SSL *ssl, int result, size_t len)
{
    if (result > 0)
        return (ssize_t)len;
    int need = SSL_get_error(ssl, result);
    ERR_clear_error();
    errno = need == SSL_ERROR_WANT_READ || need == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return need == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

ssize_t tls_receive(struct tls *tls, int fd, char *bytes, size_t len)
{
    if (!tls)
        return recv(fd, bytes, len, 0);
    size_t done = 0;
    int result = SSL_read_ex(tls->ssl, bytes, len, &done);
    return moved(tls->ssl, result, done);
}

ssize_t tls_send(struct tls *tls, int fd, const char *bytes, size_t len)
{
    if (!tls)
        return send(fd, bytes, len, MSG_NOSIGNAL);
    size_t done = 0;
    int result = SSL_write_ex(tls->ssl, bytes, len, &done);
    return moved(tls->ssl, result, done);
}

bool tls_is_pending(const struct tls *tls)
{
    return tls && SSL_has_pending(tls->ssl);
}
