#include "client.h"

#include <stdlib.h>

#include "answers.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/prep.h"
#include "login.h"
#include "packet.h"
#include "presence.h"
#include "route.h"
#include "server.h"

#define STANZA_BYTES (256u * 1024)
#define READ_BYTES   (16u * 1024)
#define QUEUE_BYTES  (8u * 1024 * 1024)

/* The stream's domain; the first one where the header names none. */
static const struct host *host_of(const struct server *server, const char *name)
{
    char domain[PREP_SIZE];
    if (!name)
        return server->directory.hosts;
    size_t len = prep_domain(span_of(name), domain);
    return directory_host(&server->directory, (struct span){domain, len});
}

static void on_opened(void *owner, const struct wire_root *header)
{
    struct client *client = owner;
    const struct host *host = host_of(client->server, wire_attr(header, "to"));
    char id[ID_TEXT_SIZE];
    id_random_text(id);
    conn_send_header(&client->conn, host ? host->name : NULL, id);
    if (strcmp(header->name, "stream") != 0 || strcmp(header->ns, NS_STREAM) != 0)
        conn_close(&client->conn, "invalid-namespace", NULL);
    else if (!host || (client->node && host != client->host))
        conn_close(&client->conn, "host-unknown", NULL);
    client->host = host;
    login_send_features(client);
}

static bool iq_is_whole(const struct packet *packet)
{
    bool answer = packet_type_is(packet, "result") || packet_type_is(packet, "error");
    return wire_attr(&packet->stanza->root, "id") &&
           (answer || (packet_is_request(packet) && packet->stanza->payload_name));
}

static void take_message(struct client *client, struct packet *packet)
{
    if (packet->to.len == 0)
        packet->to = client_bare(client);
    route_packet(client->server, packet);
}

static void take_iq(struct client *client, struct packet *packet)
{
    if (!iq_is_whole(packet))
        route_bounce(packet, &packet_bad_request);
    else if (packet->to.len == 0)
        answers_for_self(client->server, packet);
    else
        route_packet(client->server, packet);
}

static void take_packet(struct client *client, const struct wire_stanza *stanza)
{
    struct packet packet = packet_of(stanza);
    packet.from = client_full(client);
    packet.origin = &client->conn;
    if (packet.kind == PACKET_OTHER || strcmp(stanza->root.ns, NS_CLIENT) != 0)
        conn_close(&client->conn, "unsupported-stanza-type", NULL);
    else if (packet.kind == PACKET_IQ)
        take_iq(client, &packet);
    else if (packet.kind == PACKET_MESSAGE)
        take_message(client, &packet);
    else
        presence_take(client, &packet);
}

static void on_stanza(void *owner, const struct wire_stanza *stanza)
{
    struct client *client = owner;
    if (client->full)
        take_packet(client, stanza);
    else
        login_stanza(client, stanza);
}

void client_deliver(struct client *client, const struct packet *packet)
{
    packet_write(packet, packet->to, conn_out(&client->conn));
    conn_sent(&client->conn);
    conn_push_back(&client->conn, packet->origin);
}

void client_leave(struct client *client)
{
    if (!client->user)
        return;
    presence_end(client);
    directory_remove_client(&client->server->directory, client);
}

static void on_ended(void *owner)
{
    client_leave(owner);
}

static void on_freed(void *owner)
{
    struct client *client = owner;
    sasl_end(&client->sasl);
    buf_free(&client->last_presence);
    free(client->node);
    free(client->full);
    free(client);
}

void client_accept(struct server *server, uv_stream_t *listener)
{
    static const struct conn_kind kind = {
        .ns = NS_CLIENT,
        .stanza_bytes = STANZA_BYTES,
        .read_bytes = READ_BYTES,
        .queue_bytes = QUEUE_BYTES,
        .full_bytes = SIZE_MAX, /* a slow client holds nobody: it is disconnected */
        .opened = on_opened,
        .stanza = on_stanza,
        .ended = on_ended,
        .freed = on_freed,
    };
    struct client *client = mem_new(sizeof *client);
    client->server = server;
    conn_accept(&client->conn, &server->pool, listener, &kind, client);
}
