#include "route.h"

#include "answers.h"
#include "client.h"
#include "component.h"
#include "coven/jid.h"
#include "server.h"

void route_bounce(const struct packet *packet, const struct packet_error *error)
{
    if (!packet_may_bounce(packet))
        return;
    packet_write_error(packet, error, conn_out(packet->origin));
    conn_sent(packet->origin);
}

/* A session whose stream broke earlier in this turn is still in the directory. */
static struct client *live_client(const struct server *server, struct span full)
{
    struct client *client = directory_client(&server->directory, full);
    return client && !client->conn.ended ? client : NULL;
}

static bool takes_messages(const struct client *client)
{
    return client->presence == PRESENCE_AVAILABLE && client->priority >= 0;
}

static bool never_said(const struct client *client)
{
    return client->presence == PRESENCE_NEVER_SENT;
}

static bool is_available(const struct client *client)
{
    return client->presence == PRESENCE_AVAILABLE;
}

static bool deliver_where(struct user *user, const struct packet *packet,
                          bool (*wanted)(const struct client *client))
{
    struct client *client;
    bool delivered = false;
    for (client = user ? user->sessions : NULL; client; client = client->user_next)
        if (!client->conn.ended && wanted(client)) {
            client_deliver(client, packet);
            delivered = true;
        }
    return delivered;
}

static void message_to_user(struct user *user, const struct packet *packet)
{
    bool bounced = packet_type_is(packet, "groupchat");
    if (packet_type_is(packet, "error"))
        return;
    if (!bounced)
        bounced = !deliver_where(user, packet, takes_messages) &&
                  !deliver_where(user, packet, never_said) && !packet_type_is(packet, "headline");
    if (bounced)
        route_bounce(packet, &packet_service_unavailable);
}

/* To a bare JID on this server, or to a session that does not exist. */
static void to_user(struct server *server, const struct packet *packet, const struct jid *to)
{
    struct user *user = directory_user(&server->directory, jid_bare(to));
    switch (packet->kind) {
    case PACKET_MESSAGE:
        message_to_user(user, packet);
        break;
    case PACKET_PRESENCE:
        if (!jid_has_resource(to) && !packet_type_is(packet, "probe"))
            deliver_where(user, packet, is_available);
        break;
    case PACKET_IQ:
        if (jid_has_resource(to))
            route_bounce(packet, &packet_service_unavailable);
        else
            answers_for_account(server, packet, to);
        break;
    case PACKET_OTHER:
        break;
    }
}

static void to_host(struct server *server, const struct packet *packet, const struct jid *to)
{
    if (to->node_len) {
        to_user(server, packet, to);
    } else if (packet->kind == PACKET_IQ && !jid_has_resource(to)) {
        answers_for_server(server, packet);
    } else if (packet->kind != PACKET_PRESENCE) {
        route_bounce(packet, &packet_service_unavailable);
    }
}

static void to_slot(const struct slot *slot, const struct packet *packet)
{
    if (slot->component)
        component_deliver(slot->component, packet);
    else
        route_bounce(packet, &packet_component_away);
}

static void to_jid(struct server *server, const struct packet *packet, const struct jid *to)
{
    struct span domain = jid_domain(to);
    const struct slot *slot = directory_slot(&server->directory, domain);
    struct client *client;
    if (slot)
        to_slot(slot, packet);
    else if (!directory_host(&server->directory, domain))
        route_bounce(packet, &packet_unknown_server);
    else if ((client = live_client(server, jid_full(to))))
        client_deliver(client, packet);
    else
        to_host(server, packet, to);
}

void route_packet(struct server *server, const struct packet *packet)
{
    /* Most addresses are those of sessions, and already prepared: these are found as they are. */
    struct client *client = live_client(server, packet->to);
    struct jid to;
    if (client) {
        client_deliver(client, packet);
    } else if (!jid_parse(packet->to, &to)) {
        route_bounce(packet, &packet_jid_malformed);
    } else {
        struct packet prepared = *packet;
        prepared.to = jid_full(&to);
        to_jid(server, &prepared, &to);
    }
}
