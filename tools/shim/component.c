#include "component.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "conn.h"
#include "coven/bug.h"
#include "coven/id.h"
#include "coven/jid.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/prep.h"
#include "multi.h"
#include "packet.h"
#include "route.h"
#include "server.h"

#define STANZA_BYTES (1024u * 1024)
#define QUEUE_BYTES  (256u * 1024 * 1024)
#define FULL_BYTES   (4u * 1024 * 1024)

#define SHA1_BYTES   20
#define SHA1_TEXT    (2 * SHA1_BYTES + 1)

struct component {
    struct conn conn;
    struct server *server;
    struct slot *slot; /* NULL before the stream header */
    bool ready;        /* the handshake is done, and it is the slot's component */
    char id[ID_TEXT_SIZE];
    char multi_key[ID_TEXT_SIZE]; /* "": copies are not made for it */
    /* The last sender as written, and prepared: consecutive stanzas mostly have the same sender. */
    struct buf from_written, from_prepared;
};

static void on_opened(void *owner, const struct wire_root *header)
{
    struct component *component = owner;
    const char *to = wire_attr(header, "to");
    char domain[PREP_SIZE];
    size_t len = to ? prep_domain(span_of(to), domain) : 0;
    struct slot *slot =
        len ? directory_slot(&component->server->directory, (struct span){domain, len}) : NULL;
    id_random_text(component->id);
    conn_send_header(&component->conn, slot ? slot->name : NULL, component->id);
    if (strcmp(header->name, "stream") != 0 || strcmp(header->ns, NS_STREAM) != 0)
        conn_close(&component->conn, "invalid-namespace", NULL);
    else if (!slot)
        conn_close(&component->conn, "host-unknown", NULL);
    component->slot = slot;
}

/* ---- The handshake ---- */

static void hash_secret(const struct component *component, char text[SHA1_TEXT])
{
    unsigned char digest[SHA1_BYTES];
    struct buf in = BUF_INIT;
    buf_add_text(&in, component->id);
    buf_add_text(&in, component->slot->secret);
    int ok = EVP_Digest(in.data, in.len, digest, NULL, EVP_sha1(), NULL);
    coven_assert(ok == 1);
    id_hex(digest, sizeof digest, text);
    OPENSSL_cleanse(in.data, in.cap);
    buf_free(&in);
}

static bool knows_secret(const struct component *component, struct span given)
{
    char text[SHA1_TEXT];
    hash_secret(component, text);
    return given.len == SHA1_TEXT - 1 && CRYPTO_memcmp(given.at, text, given.len) == 0;
}

/* The newer connection replaces the older one, which may be dead without a sign of it. */
static void take_slot(struct component *component)
{
    struct component *older = component->slot->component;
    if (older) {
        older->ready = false;
        conn_close(&older->conn, "conflict", "Replaced by a new connection");
        log_warn("component %s: a new connection replaces the old one", component->slot->name);
    }
    component->slot->component = component;
    component->ready = true;
    component->conn.deadline = 0;
    if (component->server->multi)
        id_random_text(component->multi_key);
    log_info("component %s: connected", component->slot->name);
}

static void take_handshake(struct component *component, const struct wire_stanza *stanza)
{
    if (strcmp(stanza->root.name, "handshake") != 0 || !knows_secret(component, stanza->inner)) {
        log_warn("component %s: wrong secret", component->slot->name);
        conn_close(&component->conn, "not-authorized", NULL);
        return;
    }
    buf_add_text(conn_out(&component->conn), "<handshake/>");
    conn_sent(&component->conn);
    take_slot(component);
}

/* ---- Stanzas ---- */

/* True if the component may send from this address. */
static bool speaks_as(struct component *component, struct span from)
{
    struct jid jid;
    if (from.len && span_equal(from, buf_span(&component->from_written)))
        return true;
    if (!jid_parse(from, &jid) || !span_equal(jid_domain(&jid), span_of(component->slot->name)))
        return false;
    buf_clear(&component->from_written);
    buf_add_span(&component->from_written, from);
    buf_clear(&component->from_prepared);
    buf_add_span(&component->from_prepared, jid_full(&jid));
    return true;
}

static void take_packet(struct component *component, const struct wire_stanza *stanza)
{
    struct packet packet = packet_of(stanza);
    bool known = packet.kind != PACKET_OTHER && (strcmp(stanza->root.ns, NS_COMPONENT) == 0 ||
                                                 strcmp(stanza->root.ns, NS_CLIENT) == 0);
    packet.origin = &component->conn;
    if (!known) {
        conn_close(&component->conn, "unsupported-stanza-type", NULL);
    } else if (!speaks_as(component, span_of(wire_attr(&stanza->root, "from")))) {
        conn_close(&component->conn, "invalid-from", NULL);
    } else {
        packet.from = buf_span(&component->from_prepared);
        if (component->multi_key[0] &&
            multi_take(component->server, &packet, component->slot->name, component->multi_key))
            return;
        if (packet.to.len)
            route_packet(component->server, &packet);
        else
            route_bounce(&packet, &packet_bad_request);
    }
}

static void on_stanza(void *owner, const struct wire_stanza *stanza)
{
    struct component *component = owner;
    if (!component->ready)
        take_handshake(component, stanza);
    else
        take_packet(component, stanza);
}

void component_deliver(struct component *component, const struct packet *packet)
{
    packet_write(packet, packet->to, conn_out(&component->conn));
    conn_sent(&component->conn);
    conn_push_back(&component->conn, packet->origin);
}

static void on_ended(void *owner)
{
    struct component *component = owner;
    if (!component->ready)
        return;
    component->ready = false;
    component->slot->component = NULL;
    log_info("component %s: disconnected", component->slot->name);
}

static void on_freed(void *owner)
{
    struct component *component = owner;
    buf_free(&component->from_written);
    buf_free(&component->from_prepared);
    free(component);
}

void component_accept(struct server *server, uv_stream_t *listener)
{
    static const struct conn_kind kind = {
        .ns = NS_COMPONENT,
        .stanza_bytes = STANZA_BYTES,
        .read_bytes = POOL_READ_SIZE,
        .queue_bytes = QUEUE_BYTES,
        .full_bytes = FULL_BYTES,
        .opened = on_opened,
        .stanza = on_stanza,
        .ended = on_ended,
        .freed = on_freed,
    };
    struct component *component = mem_new(sizeof *component);
    component->server = server;
    conn_accept(&component->conn, &server->pool, listener, &kind, component);
}
