#include "login.h"

#include <stdlib.h>

#include "client.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/prep.h"
#include "coven/xml.h"
#include "fragment.h"
#include "packet.h"
#include "route.h"
#include "server.h"

#define FAILURES_MAX 5

/* A password may be sent over TLS or on the loopback only. */
static bool may_log_in(const struct client *client)
{
    return client->conn.tls || client->conn.loopback;
}

/* ---- Features ---- */

static void add_starttls(const struct client *client, struct buf *out)
{
    buf_add_text(out, "<starttls xmlns='" NS_TLS "'>");
    buf_add_text(out, may_log_in(client) ? "<optional/>" : "<required/>");
    buf_add_text(out, "</starttls>");
}

static void add_mechanisms(const struct client *client, struct buf *out)
{
    const char *name;
    buf_add_text(out, "<mechanisms xmlns='" NS_SASL "'>");
    for (int i = 0; (name = sasl_offer(&client->server->accounts, i)); i++)
        buf_printf(out, "<mechanism>%s</mechanism>", name);
    buf_add_text(out, "</mechanisms>");
}

void login_send_features(struct client *client)
{
    struct buf *out = conn_out(&client->conn);
    buf_add_text(out, "<stream:features>");
    if (client->node) {
        buf_add_text(out, "<bind xmlns='" NS_BIND "'/><session xmlns='" NS_SESSION
                          "'><optional/></session>");
    } else {
        if (!client->conn.tls)
            add_starttls(client, out);
        if (may_log_in(client))
            add_mechanisms(client, out);
    }
    buf_add_text(out, "</stream:features>");
    conn_sent(&client->conn);
}

/* ---- STARTTLS ---- */

static void take_starttls(struct client *client, const struct wire_stanza *stanza)
{
    (void)stanza;
    if (client->conn.tls) {
        conn_close(&client->conn, "unsupported-stanza-type", NULL);
        return;
    }
    buf_add_text(conn_out(&client->conn), "<proceed xmlns='" NS_TLS "'/>");
    conn_sent(&client->conn);
    if (!conn_start_tls(&client->conn))
        conn_close(&client->conn, NULL, NULL);
}

/* ---- SASL ---- */

static void send_sasl(struct client *client, const char *name, struct span text)
{
    struct buf *out = conn_out(&client->conn);
    buf_printf(out, "<%s xmlns='" NS_SASL "'>", name);
    buf_add_span(out, text);
    buf_printf(out, "</%s>", name);
    conn_sent(&client->conn);
}

static void refuse(struct client *client, const char *condition)
{
    struct buf text = BUF_INIT;
    sasl_end(&client->sasl);
    buf_printf(&text, "<%s/>", condition);
    send_sasl(client, "failure", buf_span(&text));
    buf_free(&text);
    if (++client->failures >= FAILURES_MAX)
        conn_close(&client->conn, "policy-violation", "Too many failed logins");
}

static void log_in(struct client *client, struct span text)
{
    send_sasl(client, "success", text);
    client->node = mem_string(client->sasl.node);
    client->conn.deadline = 0;
    sasl_end(&client->sasl);
    conn_restart(&client->conn);
}

static void answer(struct client *client, struct sasl_answer answer, struct span text)
{
    switch (answer.state) {
    case SASL_CHALLENGE:
        send_sasl(client, "challenge", text);
        break;
    case SASL_SUCCESS:
        log_in(client, text);
        break;
    case SASL_FAILURE:
        refuse(client, answer.condition);
        break;
    }
}

static void take_auth(struct client *client, const struct wire_stanza *stanza)
{
    struct buf text = BUF_INIT;
    if (!may_log_in(client)) {
        refuse(client, "encryption-required");
        return;
    }
    struct sasl_answer step =
        sasl_begin(&client->sasl, &client->server->accounts, span_of(client->host->name),
                   wire_attr(&stanza->root, "mechanism"), stanza->inner, &text);
    answer(client, step, buf_span(&text));
    buf_free(&text);
}

static void take_response(struct client *client, const struct wire_stanza *stanza)
{
    struct buf text = BUF_INIT;
    struct sasl_answer step = sasl_step(&client->sasl, &client->server->accounts,
                                        span_of(client->host->name), stanza->inner, &text);
    answer(client, step, buf_span(&text));
    buf_free(&text);
}

static void take_abort(struct client *client, const struct wire_stanza *stanza)
{
    (void)stanza;
    refuse(client, "aborted");
}

/* ---- Binding ---- */

/* Prepares the requested resource, or makes one. Returns its length; 0: invalid. */
static size_t choose_resource(const struct wire_stanza *stanza, char resource[PREP_SIZE])
{
    char *wish = fragment_text(stanza, "bind", "resource");
    size_t len;
    if (wish && *wish) {
        len = prep_resource(span_of(wish), resource);
    } else {
        id_random_text(resource);
        len = strlen(resource);
    }
    free(wish);
    return len;
}

/* The newer session replaces the older one. */
static void displace(struct server *server, struct span full)
{
    struct client *older = directory_client(&server->directory, full);
    if (!older)
        return;
    client_leave(older);
    conn_close(&older->conn, "conflict", "Replaced by new connection");
}

static void become(struct client *client, const struct jid *jid)
{
    displace(client->server, jid_full(jid));
    client->full = mem_copy(jid->text, jid->full_len);
    client->bare_len = jid->bare_len;
    directory_add_client(&client->server->directory, client);
}

static void take_bind(struct client *client, const struct packet *packet)
{
    char resource[PREP_SIZE];
    struct jid jid;
    size_t len = choose_resource(packet->stanza, resource);
    if (len == 0 || !jid_make(span_of(client->node), span_of(client->host->name),
                              (struct span){resource, len}, &jid)) {
        route_bounce(packet, &packet_bad_request);
        return;
    }
    become(client, &jid);
    struct buf payload = BUF_INIT;
    struct xml xml = xml_to(&payload);
    xml_open(&xml, "bind", NS_BIND);
    xml_element(&xml, "jid", NULL, client_full(client));
    xml_close(&xml);
    packet_write_result(packet, buf_span(&payload), conn_out(&client->conn));
    conn_sent(&client->conn);
    buf_free(&payload);
}

/* ---- Dispatch ---- */

static void take_unbound(struct client *client, const struct wire_stanza *stanza)
{
    struct packet packet = packet_of(stanza);
    packet.origin = &client->conn;
    if (packet.kind != PACKET_IQ || !packet_type_is(&packet, "set"))
        conn_close(&client->conn, "not-authorized", NULL);
    else if (packet_payload_is(&packet, "bind", NS_BIND))
        take_bind(client, &packet);
    else
        route_bounce(&packet, &packet_not_allowed);
}

void login_stanza(struct client *client, const struct wire_stanza *stanza)
{
    static const struct {
        const char *name, *ns;
        void (*take)(struct client *client, const struct wire_stanza *stanza);
    } steps[] = {
        {"starttls", NS_TLS, take_starttls},
        {"auth", NS_SASL, take_auth},
        {"response", NS_SASL, take_response},
        {"abort", NS_SASL, take_abort},
    };
    if (client->node) {
        take_unbound(client, stanza);
        return;
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].name, stanza->root.name) == 0 &&
            strcmp(steps[i].ns, stanza->root.ns) == 0) {
            steps[i].take(client, stanza);
            return;
        }
    conn_close(&client->conn, "not-authorized", NULL);
}
