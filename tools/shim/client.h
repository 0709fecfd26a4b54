/* A client's stream, from its header to its end. */
#ifndef SHIM_CLIENT_H
#define SHIM_CLIENT_H

#include <stdbool.h>
#include <uthash.h>

#include "conn.h"
#include "coven/buf.h"
#include "coven/id.h"
#include "coven/span.h"
#include "sasl.h"

struct server;
struct host;
struct user;
struct packet;
struct directed;

enum presence_state { PRESENCE_NEVER_SENT, PRESENCE_AVAILABLE, PRESENCE_UNAVAILABLE };

struct client {
    struct conn conn;
    struct server *server;
    const struct host *host; /* the stream's domain; NULL before the stream header */
    struct sasl sasl;
    int failures; /* failed logins */
    char *node;   /* NULL: not logged in */
    char *full;   /* NULL: not bound */
    size_t bare_len;

    struct user *user; /* NULL: not in the directory */
    struct client *user_prev, *user_next;
    UT_hash_handle hh;

    enum presence_state presence;
    int priority;
    struct buf last_presence;  /* while available: the presence after its address */
    struct directed *directed; /* the addresses that were sent directed presence */
    unsigned directed_count;
};

void client_accept(struct server *server, uv_stream_t *listener);

/* Sends a packet to the client. */
void client_deliver(struct client *client, const struct packet *packet);

/* Removes the session from the directory and sends its unavailable presence. */
void client_leave(struct client *client);

static inline struct span client_full(const struct client *client)
{
    return span_of(client->full);
}

static inline struct span client_bare(const struct client *client)
{
    return (struct span){client->full, client->bare_len};
}

#endif
