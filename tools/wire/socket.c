#include "wire/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int prepare(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

int socket_connect(const char *host, const char *port, struct buf *why)
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

int socket_accept(int listener, uint32_t timeout_ms, struct buf *why)
{
    struct pollfd poller = {.fd = listener, .events = POLLIN};
    int fd =
        poll(&poller, 1, (int)timeout_ms) > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (fd >= 0)
        return prepare(fd);
    buf_add_text(why, "timeout: no component connected");
    return -1;
}

int socket_listen(const char *host, const char *port, struct buf *why)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    int on = 1, fd = -1;
    host = host ? host : "127.0.0.1";
    port = port ? port : "0";
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
