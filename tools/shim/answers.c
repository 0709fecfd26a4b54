#include "answers.h"

#include "conn.h"
#include "coven/ns.h"
#include "coven/xml.h"
#include "packet.h"
#include "route.h"
#include "server.h"

#define NS_PRIVATE "jabber:iq:private"
#define NS_VCARD   "vcard-temp"
#define NS_VCARD4  "urn:ietf:params:xml:ns:vcard-4.0"
#define NS_CARBONS "urn:xmpp:carbons:2"
#define NS_PUBSUB  "http://jabber.org/protocol/pubsub"

/* The addressee of a request. */
enum whom { SERVER = 1, SELF = 2, OTHER = 4, ACCOUNT = SELF | OTHER, ALL = SERVER | ACCOUNT };

struct answer {
    int whom;
    const char *type, *name, *ns;
    const char *payload; /* of the result; "": none */
    void (*write)(struct server *server, const struct packet *packet, struct buf *payload);
    const struct packet_error *error;
};

static void add_features(struct xml *xml, const char *const *features)
{
    for (; *features; features++) {
        xml_open(xml, "feature", NULL);
        xml_attr_text(xml, "var", *features);
        xml_close(xml);
    }
}

static void add_identity(struct xml *xml, const char *category, const char *type, const char *name)
{
    xml_open(xml, "identity", NULL);
    xml_attr_text(xml, "category", category);
    xml_attr_text(xml, "type", type);
    xml_attr_text(xml, "name", name);
    xml_close(xml);
}

static void write_server_info(struct server *server, const struct packet *packet,
                              struct buf *payload)
{
    static const char *const features[] = {NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PING,    NS_VERSION,
                                           NS_ROSTER,     NS_PRIVATE,     NS_CARBONS, NULL};
    struct xml xml = xml_to(payload);
    (void)server;
    (void)packet;
    xml_open(&xml, "query", NS_DISCO_INFO);
    add_identity(&xml, "server", "im", "coven-shim");
    add_features(&xml, features);
    xml_close(&xml);
}

static void write_server_items(struct server *server, const struct packet *packet,
                               struct buf *payload)
{
    struct xml xml = xml_to(payload);
    (void)packet;
    xml_open(&xml, "query", NS_DISCO_ITEMS);
    for (struct slot *slot = server->directory.slots; slot; slot = slot->hh.next) {
        if (!slot->component)
            continue;
        xml_open(&xml, "item", NULL);
        xml_attr_text(&xml, "jid", slot->name);
        xml_close(&xml);
    }
    xml_close(&xml);
}

static void write_version(struct server *server, const struct packet *packet, struct buf *payload)
{
    struct xml xml = xml_to(payload);
    (void)server;
    (void)packet;
    xml_open(&xml, "query", NS_VERSION);
    xml_element(&xml, "name", NULL, span_of("coven-shim"));
    xml_element(&xml, "version", NULL, span_of(COVEN_VERSION));
    xml_close(&xml);
}

static void write_account_info(struct server *server, const struct packet *packet,
                               struct buf *payload)
{
    static const char *const features[] = {NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PING, NS_VCARD, NULL};
    struct xml xml = xml_to(payload);
    (void)server;
    (void)packet;
    xml_open(&xml, "query", NS_DISCO_INFO);
    add_identity(&xml, "account", "registered", NULL);
    add_features(&xml, features);
    xml_close(&xml);
}

/* Private storage keeps nothing: the result is the empty element of the request. */
static void write_same(struct server *server, const struct packet *packet, struct buf *payload)
{
    (void)server;
    buf_add_span(payload, packet->stanza->inner);
}

/* The first matching row counts; without one the answer is service-unavailable. */
static const struct answer answers[] = {
    {ALL, "get", "ping", NS_PING, "", NULL, NULL},
    {ALL, "set", "session", NS_SESSION, "", NULL, NULL},
    {ALL, "set", "bind", NS_BIND, NULL, NULL, &packet_not_allowed},
    {SERVER, "get", "query", NS_DISCO_INFO, NULL, write_server_info, NULL},
    {SERVER, "get", "query", NS_DISCO_ITEMS, NULL, write_server_items, NULL},
    {SERVER, "get", "query", NS_VERSION, NULL, write_version, NULL},
    {ACCOUNT, "get", "query", NS_DISCO_INFO, NULL, write_account_info, NULL},
    {ACCOUNT, "get", "query", NS_DISCO_ITEMS, "<query xmlns='" NS_DISCO_ITEMS "'/>", NULL, NULL},
    {ACCOUNT, "get", "vCard", NS_VCARD, "<vCard xmlns='" NS_VCARD "'/>", NULL, NULL},
    {ACCOUNT, "get", "vcard", NS_VCARD4, NULL, NULL, &packet_item_not_found},
    {ACCOUNT, "get", "pubsub", NS_PUBSUB, NULL, NULL, &packet_item_not_found},
    {SELF, "set", "vCard", NS_VCARD, "", NULL, NULL},
    {SELF, "get", "query", NS_ROSTER, "<query xmlns='" NS_ROSTER "'/>", NULL, NULL},
    {SELF, "set", "query", NS_ROSTER, "", NULL, NULL},
    {SELF, "get", "query", NS_PRIVATE, NULL, write_same, NULL},
    {SELF, "set", "query", NS_PRIVATE, "", NULL, NULL},
    {SELF, "set", "enable", NS_CARBONS, "", NULL, NULL},
    {SELF, "set", "disable", NS_CARBONS, "", NULL, NULL},
};

static const struct answer *answer_to(const struct packet *packet, enum whom whom)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if ((answers[i].whom & (int)whom) && packet_type_is(packet, answers[i].type) &&
            packet_payload_is(packet, answers[i].name, answers[i].ns))
            return &answers[i];
    return NULL;
}

static void give(struct server *server, const struct packet *packet, enum whom whom)
{
    if (!packet_is_request(packet))
        return;
    const struct answer *answer = answer_to(packet, whom);
    if (!answer || answer->error) {
        route_bounce(packet, answer ? answer->error : &packet_service_unavailable);
        return;
    }
    struct buf payload = BUF_INIT;
    if (answer->write)
        answer->write(server, packet, &payload);
    else
        buf_add_text(&payload, answer->payload);
    packet_write_result(packet, buf_span(&payload), conn_out(packet->origin));
    conn_sent(packet->origin);
    buf_free(&payload);
}

void answers_for_server(struct server *server, const struct packet *packet)
{
    give(server, packet, SERVER);
}

void answers_for_account(struct server *server, const struct packet *packet, const struct jid *to)
{
    struct span bare = jid_bare(to);
    bool self = packet->from.len > bare.len && packet->from.at[bare.len] == '/' &&
                memcmp(packet->from.at, bare.at, bare.len) == 0;
    if (self || accounts_exists(&server->accounts, jid_node(to), jid_domain(to)))
        give(server, packet, self ? SELF : OTHER);
    else
        route_bounce(packet, &packet_service_unavailable);
}

void answers_for_self(struct server *server, const struct packet *packet)
{
    give(server, packet, SELF);
}
