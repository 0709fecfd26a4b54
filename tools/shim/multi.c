#include "multi.h"

#include "conn.h"
#include "packet.h"
#include "route.h"
#include "wire/multi.h"

static void answer(const struct packet *packet, const char *key)
{
    struct buf terms = BUF_INIT;
    wire_multi_write_terms(key, &terms);
    packet_write_result(packet, buf_span(&terms), conn_out(packet->origin));
    conn_sent(packet->origin);
    buf_free(&terms);
}

/* Each copy is routed as if it had come by itself, errors included. */
static void send_copies(struct server *server, const struct packet *packet,
                        struct wire_multi *multi)
{
    for (const struct wire_stanza *stanza; (stanza = wire_multi_next(multi));) {
        struct packet copy = packet_of(stanza);
        copy.from = packet->from;
        copy.origin = packet->origin;
        route_packet(server, &copy);
    }
}

bool multi_take(struct server *server, const struct packet *packet, const char *domain,
                const char *key)
{
    struct wire_multi multi;
    if (wire_multi_asks(packet->stanza, domain)) {
        answer(packet, key);
        return true;
    }
    if (!wire_multi_open(&multi, packet->stanza, domain, key))
        return false;
    send_copies(server, packet, &multi);
    wire_multi_close(&multi);
    return true;
}
