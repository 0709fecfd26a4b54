/*
 * The connections under load: bytes out in large pieces, bytes in to the scanner. One connection
 * for a component, one for each of many clients.
 */
#ifndef WIRE_NET_H
#define WIRE_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "wire/scan.h"

struct net_channel;

struct net {
    struct scan_events events;
    struct scan_counts counts;
    uint64_t now_ns;         /* when the bytes that are being scanned came */
    uint64_t sent, received; /* bytes */
    bool ended;              /* the other side closed a connection */
    /* private */
    int epoll;
    struct net_channel **channels;
    uint32_t count;
    struct net_channel *changed; /* those with something new to send */
    struct net_channel *current; /* the one that is being scanned */
    char *in;
};

/* Of a clock that never goes back. */
uint64_t net_clock_ns(void);

void net_init(struct net *net, const struct scan_events *events);
/* Closes all sockets. */
void net_free(struct net *net);

/* Takes over a connected socket. */
void net_add(struct net *net, int fd);
/* The same in place of a user's, which is closed. */
void net_replace(struct net *net, uint32_t user, int fd);
/* Ends the user's connection, as the other side might. */
void net_hang_up(struct net *net, uint32_t user);
/* The user's connection has ended; what is written there goes nowhere. */
bool net_is_ended(const struct net *net, uint32_t user);
/* How many bytes were written there and are not sent yet. */
size_t net_unsent(const struct net *net, uint32_t user);

/* Where to write what a user has to say; the users share the channels. */
struct buf *net_out(struct net *net, uint32_t user);
/* Where to answer what is being scanned. */
struct buf *net_answer(struct net *net);

/* Sends what was written, as far as the sockets take it. */
void net_flush(struct net *net);
/* Sends on, and scans what came, after waiting so long for it. */
void net_poll(struct net *net, int timeout_ms);

#endif
