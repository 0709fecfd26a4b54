#include "presence.h"

#include <stdlib.h>
#include <uthash.h>

#include "client.h"
#include "coven/hash.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "directory.h"
#include "fragment.h"
#include "packet.h"
#include "route.h"
#include "server.h"

#define DIRECTED_MAX 20000

/* A recipient of directed presence. */
struct directed {
    UT_hash_handle hh;
    size_t len;
    char address[];
};

/* ---- Directed ---- */

static struct directed *find(const struct client *client, struct span to, unsigned *hash_r)
{
    struct directed *found;
    *hash_r = hash_span(&client->server->directory.seed, to);
    HASH_FIND_BYHASHVALUE(hh, client->directed, to.at, (unsigned)to.len, *hash_r, found);
    return found;
}

static bool remember(struct client *client, struct span to)
{
    unsigned hash;
    if (find(client, to, &hash))
        return true;
    if (client->directed_count >= DIRECTED_MAX)
        return false;
    struct directed *directed = mem_new(sizeof *directed + to.len + 1);
    directed->len = to.len;
    memcpy(directed->address, to.at, to.len);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, client->directed, directed->address, (unsigned)to.len, hash,
                                directed);
    client->directed_count++;
    return true;
}

static void forget(struct client *client, struct directed *directed)
{
    HASH_DEL(client->directed, directed);
    client->directed_count--;
    free(directed);
}

static void direct(struct client *client, struct packet *packet)
{
    struct jid to;
    unsigned hash;
    if (!jid_parse(packet->to, &to)) {
        route_bounce(packet, &packet_jid_malformed);
        return;
    }
    if (!packet->type && !remember(client, jid_full(&to))) {
        route_bounce(packet, &packet_resource_constraint);
        return;
    }
    struct directed *directed = find(client, jid_full(&to), &hash);
    if (directed && packet_type_is(packet, "unavailable"))
        forget(client, directed);
    route_packet(client->server, packet);
}

/* Sends to all recipients of directed presence, and forgets them. */
static void say_to_directed(struct client *client, const struct packet *packet)
{
    struct directed *directed, *next;
    HASH_ITER (hh, client->directed, directed, next) {
        struct packet copy = *packet;
        copy.to = (struct span){directed->address, directed->len};
        route_packet(client->server, &copy);
        forget(client, directed);
    }
}

/* ---- Undirected ---- */

static void say_to_own(struct client *client, const struct packet *packet)
{
    for (struct client *other = client->user->sessions; other; other = other->user_next) {
        struct packet copy = *packet;
        copy.to = client_full(other);
        if (other != client && other->presence == PRESENCE_AVAILABLE)
            client_deliver(other, &copy);
    }
}

/* Sends the presence of the other sessions to a new one. */
static void hear_of_own(struct client *client)
{
    for (struct client *other = client->user->sessions; other; other = other->user_next) {
        if (other == client || other->presence != PRESENCE_AVAILABLE)
            continue;
        struct buf *out = conn_out(&client->conn);
        packet_write_head("presence", client_full(other), client_full(client), out);
        buf_add_span(out, buf_span(&other->last_presence));
        conn_sent(&client->conn);
    }
}

static int read_priority(const struct wire_stanza *stanza)
{
    static const char tag[] = "priority";
    if (!memmem(stanza->inner.at, stanza->inner.len, tag, sizeof tag - 1))
        return 0;
    char *text = fragment_text(stanza, tag, NULL);
    long priority = text ? strtol(text, NULL, 10) : 0;
    free(text);
    return priority < -128 ? -128 : priority > 127 ? 127 : (int)priority;
}

static void take_available(struct client *client, const struct packet *packet)
{
    bool came = client->presence != PRESENCE_AVAILABLE;
    client->presence = PRESENCE_AVAILABLE;
    client->priority = read_priority(packet->stanza);
    buf_clear(&client->last_presence);
    packet_write_tail(packet->stanza, &client->last_presence);
    say_to_own(client, packet);
    if (came)
        hear_of_own(client);
}

static void take_unavailable(struct client *client, const struct packet *packet)
{
    if (client->presence == PRESENCE_AVAILABLE)
        say_to_own(client, packet);
    client->presence = PRESENCE_UNAVAILABLE;
    buf_free(&client->last_presence);
    say_to_directed(client, packet);
}

void presence_take(struct client *client, struct packet *packet)
{
    if (packet->to.len)
        direct(client, packet);
    else if (!packet->type)
        take_available(client, packet);
    else if (packet_type_is(packet, "unavailable"))
        take_unavailable(client, packet);
    else
        route_bounce(packet, &packet_bad_request);
}

void presence_end(struct client *client)
{
    struct wire_stanza good_bye = {.root = {.name = "presence", .ns = ""}};
    good_bye.root.attrs[good_bye.root.attr_count++] = (struct wire_attr){"type", "unavailable"};
    struct packet packet = packet_of(&good_bye);
    packet.from = client_full(client);
    packet.origin = &client->conn;
    take_unavailable(client, &packet);
}
