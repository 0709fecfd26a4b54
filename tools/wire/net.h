/*
 * The connections under load: one of a component, or one for each of many clients. Sends in large
 * pieces, and gives what arrives to the scanner.
 */
#ifndef WIRE_NET_H
#define WIRE_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "wire/scan.h"
#include "wire/tls.h"

struct net_channel;

struct net {
    struct scan_events events;
    struct scan_counts counts;
    uint64_t now_ns;         /* when the bytes being scanned arrived */
    uint64_t sent, received; /* bytes */
    bool ended;              /* the other side closed a connection */
    /* private */
    int epoll;
    struct net_channel **channels;
    uint32_t count;
    struct net_channel *changed; /* list of channels with new output */
    struct net_channel *current; /* the one being scanned */
    char *in;
};

/* Monotonic time. */
uint64_t net_clock_ns(void);

void net_init(struct net *net, const struct scan_events *events);
/* Closes all sockets. */
void net_free(struct net *net);

/* Takes over a connected socket, and the TLS on it (NULL: none). */
void net_add(struct net *net, int fd);
void net_add_secure(struct net *net, int fd, struct tls *tls);
/* Replaces the socket of a user, which is closed. */
void net_replace(struct net *net, uint32_t user, int fd);
/* Shuts the user's connection down. */
void net_hang_up(struct net *net, uint32_t user);
/* Has the user's connection ended? Its output is dropped. */
bool net_is_ended(const struct net *net, uint32_t user);
/* Bytes of the user's output that are not sent yet. */
size_t net_unsent(const struct net *net, uint32_t user);

/* The output buffer of a user; the users share the channels. */
struct buf *net_out(struct net *net, uint32_t user);
/* The output buffer of the channel being scanned. */
struct buf *net_answer(struct net *net);

/* Sends as much as the sockets take. */
void net_flush(struct net *net);
/* Sends, waits for input, and scans it. */
void net_poll(struct net *net, int timeout_ms);

#endif
