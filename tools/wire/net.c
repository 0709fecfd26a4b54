#include "wire/net.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "coven/bug.h"
#include "coven/mem.h"

#define PIECE      (256u * 1024)
#define EVENTS_MAX 64

struct net_channel {
    int fd;
    struct tls *tls;  /* NULL: none */
    uint32_t watched; /* epoll events */
    struct buf out;
    size_t sent; /* of `out` */
    struct scan scan;
    bool changed, ended;
    struct net_channel *next_changed;
};

uint64_t net_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void net_init(struct net *net, const struct scan_events *events)
{
    *net = (struct net){.events = *events};
    net->epoll = epoll_create1(EPOLL_CLOEXEC);
    coven_assert(net->epoll >= 0);
    net->in = mem_new(PIECE);
}

void net_free(struct net *net)
{
    for (uint32_t i = 0; i < net->count; i++) {
        tls_free(net->channels[i]->tls);
        close(net->channels[i]->fd);
        buf_free(&net->channels[i]->out);
        scan_free(&net->channels[i]->scan);
        free(net->channels[i]);
    }
    free(net->channels);
    free(net->in);
    close(net->epoll);
}

static void watch(struct net *net, struct net_channel *channel, int how)
{
    uint32_t wanted = EPOLLIN | (channel->sent < channel->out.len ? (uint32_t)EPOLLOUT : 0);
    if (how == EPOLL_CTL_MOD && wanted == channel->watched)
        return;
    struct epoll_event event = {.events = wanted, .data.ptr = channel};
    int result = epoll_ctl(net->epoll, how, channel->fd, &event);
    coven_assert(result == 0);
    channel->watched = wanted;
}

void net_add(struct net *net, int fd)
{
    net_add_secure(net, fd, NULL);
}

void net_add_secure(struct net *net, int fd, struct tls *tls)
{
    struct net_channel *channel = mem_new(sizeof *channel);
    channel->fd = fd;
    channel->tls = tls;
    net->channels = mem_resize(net->channels, (net->count + 1) * sizeof *net->channels);
    net->channels[net->count++] = channel;
    watch(net, channel, EPOLL_CTL_ADD);
}

/* Drops what is unsent, and the beginning of a stanza. */
static void end(struct net *net, struct net_channel *channel)
{
    net->ended = true;
    if (channel->ended)
        return;
    channel->ended = true;
    epoll_ctl(net->epoll, EPOLL_CTL_DEL, channel->fd, NULL);
    buf_clear(&channel->out);
    channel->sent = 0;
    scan_free(&channel->scan);
    channel->scan = (struct scan){0};
}

void net_replace(struct net *net, uint32_t user, int fd)
{
    struct net_channel *channel = net->channels[user % net->count];
    end(net, channel);
    tls_free(channel->tls);
    channel->tls = NULL;
    close(channel->fd);
    channel->fd = fd;
    channel->ended = false;
    channel->watched = 0;
    watch(net, channel, EPOLL_CTL_ADD);
    net->ended = false;
}

void net_hang_up(struct net *net, uint32_t user)
{
    struct net_channel *channel = net->channels[user % net->count];
    end(net, channel);
    shutdown(channel->fd, SHUT_RDWR);
}

bool net_is_ended(const struct net *net, uint32_t user)
{
    return net->channels[user % net->count]->ended;
}

size_t net_unsent(const struct net *net, uint32_t user)
{
    const struct net_channel *channel = net->channels[user % net->count];
    return channel->out.len - channel->sent;
}

/* ---- Out ---- */

static struct buf *change(struct net *net, struct net_channel *channel)
{
    if (!channel->changed) {
        channel->changed = true;
        channel->next_changed = net->changed;
        net->changed = channel;
    }
    return &channel->out;
}

struct buf *net_out(struct net *net, uint32_t user)
{
    return change(net, net->channels[user % net->count]);
}

struct buf *net_answer(struct net *net)
{
    return change(net, net->current);
}

static void send_some(struct net *net, struct net_channel *channel)
{
    struct buf *out = &channel->out;
    while (channel->sent < out->len && !channel->ended) {
        ssize_t sent = tls_send(channel->tls, channel->fd, out->data + channel->sent,
                                out->len - channel->sent);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            end(net, channel);
        if (sent <= 0)
            break;
        channel->sent += (size_t)sent;
        net->sent += (uint64_t)sent;
    }
    if (channel->ended) {
        buf_clear(out);
        return;
    }
    if (channel->sent == out->len) {
        buf_clear(out);
        channel->sent = 0;
    }
    watch(net, channel, EPOLL_CTL_MOD);
}

void net_flush(struct net *net)
{
    while (net->changed) {
        struct net_channel *channel = net->changed;
        net->changed = channel->next_changed;
        channel->changed = false;
        send_some(net, channel);
    }
}

/* ---- In ---- */

/* False: there is nothing now. */
static bool read_piece(struct net *net, struct net_channel *channel)
{
    ssize_t len = tls_receive(channel->tls, channel->fd, net->in, PIECE);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (len <= 0) {
        end(net, channel);
        return false;
    }
    net->now_ns = net_clock_ns();
    net->received += (uint64_t)len;
    net->current = channel;
    scan_bytes(&channel->scan, (struct span){net->in, (size_t)len}, &net->events, &net->counts);
    return true;
}

/* epoll does not know what TLS has read ahead. */
static void read_some(struct net *net, struct net_channel *channel)
{
    while (read_piece(net, channel) && tls_is_pending(channel->tls))
        ;
}

void net_poll(struct net *net, int timeout_ms)
{
    struct epoll_event events[EVENTS_MAX];
    net_flush(net);
    int count = epoll_wait(net->epoll, events, EVENTS_MAX, timeout_ms);
    for (int i = 0; i < count; i++) {
        struct net_channel *channel = events[i].data.ptr;
        if (events[i].events & EPOLLOUT)
            send_some(net, channel);
        if (!channel->ended && events[i].events & (uint32_t)~EPOLLOUT)
            read_some(net, channel);
    }
    net_flush(net);
}
