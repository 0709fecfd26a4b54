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
    const struct host *host; /* whom it speaks to; NULL before its header */
    struct sasl sasl;
    int failures; /* of logins */
    char *node;   /* NULL: not logged in */
    char *full;   /* NULL: not bound */
    size_t bare_len;

    struct user *user; /* NULL: not in the directory, or not any more */
    struct client *user_prev, *user_next;
    UT_hash_handle hh;

    enum presence_state presence;
    int priority;
    struct buf last_presence;  /* while it is available: all that follows the address */
    struct directed *directed; /* who was sent presence of their own */
    unsigned directed_count;
};

void client_accept(struct server *server, uv_stream_t *listener);

/* Hands over a packet. */
void client_deliver(struct client *client, const struct packet *packet);

/* Leaves the directory, and says so to whoever knew of it. */
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
