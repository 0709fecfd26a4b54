#include "link/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/mem.h"
#include "coven/system.h"

/* Bytes; the system doubles it, up to its own limit. Its content has left the outbox and delays all
 * later output of every room: by 2 ms beside a flood, and with four times as much by 4 to 10 ms.
 * But a server that can read more at once also writes more at once to each client: with a quarter
 * of it coven-shim is a third slower. */
#define SEND_BUFFER (1024 * 1024)

struct wire {
    uv_poll_t poll;
    int fd;
    int events;
    wire_ready *ready;
    void *user;
};

void wire_take_standard(void)
{
    int fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = open("/dev/null", O_RDWR);
    if (fd >= 0)
        close(fd);
}

int wire_spare_open(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd < FD_SETSIZE)
        return fd;
    close(fd);
    return -1;
}

/* Each one helps, and none is needed: failures are ignored. */
static void set_options(int fd)
{
    int on = 1, size = SEND_BUFFER;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

struct wire *wire_new(uv_loop_t *loop, int fd, wire_ready *ready, void *user)
{
    if (fd >= FD_SETSIZE) {
        errno = EMFILE;
        return NULL;
    }
    set_options(fd);
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (copy < 0)
        return NULL;
    struct wire *wire = mem_new(sizeof *wire);
    int status = uv_poll_init(loop, &wire->poll, copy);
    if (status != 0) {
        close(copy);
        free(wire);
        errno = -status;
        return NULL;
    }
    wire->poll.data = wire;
    wire->fd = copy;
    wire->ready = ready;
    wire->user = user;
    return wire;
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void wire_close(struct wire *wire)
{
    if (!wire)
        return;
    uv_poll_stop(&wire->poll);
    uv_close((uv_handle_t *)&wire->poll, on_poll_closed);
    close(wire->fd);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    struct wire *wire = poll->data;
    (void)status, (void)events; /* libstrophe finds out itself */
    wire->ready(wire->user);
}

void wire_watch(struct wire *wire, bool writable)
{
    int events = UV_READABLE | (writable ? UV_WRITABLE : 0);
    if (events == wire->events)
        return;
    wire->events = events;
    system_check(uv_poll_start(&wire->poll, events, on_event), "cannot watch the connection");
}

bool wire_is_readable(const struct wire *wire)
{
    struct pollfd poll_fd = {.fd = wire->fd, .events = POLLIN};
    return poll(&poll_fd, 1, 0) == 1;
}

void wire_acknowledge(const struct wire *wire)
{
    int on = 1;
    setsockopt(wire->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

int wire_error(const struct wire *wire)
{
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(wire->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

void wire_cut(const struct wire *wire)
{
    shutdown(wire->fd, SHUT_RDWR);
}
