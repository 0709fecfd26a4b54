#include "client.h"

#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "element.h"
#include "outline.h"

#define STANZA_LIMIT ((size_t)16 << 20)
#define DEPTH_LIMIT  200

void client_init(struct client *client, const struct script_client *who, struct buf *traffic)
{
    *client = (struct client){.who = who, .traffic = traffic, .end = &client->first};
    id_random_text(client->ask_prefix);
}

static void drop_received(struct client *client)
{
    while (client->first) {
        struct received *received = client->first;
        client->first = received->next;
        xmlFreeNode(received->element);
        free(received);
    }
    client->waiting = NULL;
    client->end = &client->first;
}

void client_cut(struct client *client)
{
    transport_free(client->transport);
    wire_stream_free(client->stream);
    client->transport = NULL;
    client->stream = NULL;
    drop_received(client);
    buf_clear(&client->end_reason);
}

void client_free(struct client *client)
{
    client_cut(client);
    free(client->full_jid);
    buf_free(&client->end_reason);
}

bool client_is_connected(const struct client *client)
{
    return client->transport != NULL;
}

bool client_is_open(const struct client *client)
{
    return client->transport && !client->closed_by_server;
}

const char *client_domain(const struct client *client)
{
    const char *at = strchr(client->who->jid, '@');
    return at ? at + 1 : client->who->jid;
}

/* ---- Receiving ---- */

static void note_sent(struct client *client, struct span text)
{
    while (text.len && strchr(" \t\r\n", text.at[text.len - 1]))
        text.len--;
    if (client->traffic)
        buf_printf(client->traffic, "%s sent:\n%.*s\n", client->who->name, (int)text.len, text.at);
}

static void note_received(struct client *client, const xmlNode *element)
{
    if (!client->traffic)
        return;
    buf_printf(client->traffic, "%s got:\n", client->who->name);
    outline_write(client->traffic, element, NULL);
}

/* The first child is the condition, in stream errors and in stanza errors. */
static const char *error_condition(const xmlNode *error)
{
    const xmlNode *condition = error ? element_first(error) : NULL;
    return condition ? element_name(condition) : "undefined-condition";
}

static bool answer_ask(struct client *client, const xmlNode *element)
{
    const char *id = element_attr(element, "id"), *type = element_attr(element, "type");
    if (!element_is(element, "iq", NS_CLIENT) || !id || !type ||
        strncmp(id, client->ask_prefix, strlen(client->ask_prefix)) != 0)
        return false;
    bool failed = strcmp(type, "error") == 0;
    const char *condition =
        failed ? error_condition(element_child(element, "error", NS_CLIENT)) : "";
    for (struct ask *ask = client->asks; ask; ask = ask->next) {
        if (strcmp(ask->id, id) != 0)
            continue;
        ask->answered = true;
        snprintf(ask->condition, sizeof ask->condition, "%s", condition);
    }
    return true;
}

static void queue_element(struct client *client, xmlNode *element)
{
    struct received *received = mem_new(sizeof *received);
    received->element = xmlDocCopyNode(element, NULL, 1);
    if (!received->element)
        mem_exhausted();
    *client->end = received;
    client->end = &received->next;
    if (!client->waiting)
        client->waiting = received;
}

static void on_opened(void *user, const struct wire_root *header)
{
    (void)user;
    (void)header;
}

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct client *client = user;
    note_received(client, stanza->tree);
    if (element_is(stanza->tree, "error", NS_STREAM)) {
        buf_clear(&client->end_reason);
        buf_printf(&client->end_reason, "the server sent the stream error <%s/>",
                   error_condition(stanza->tree));
    } else if (!answer_ask(client, stanza->tree)) {
        queue_element(client, stanza->tree);
    }
}

static void on_closed(void *user)
{
    struct client *client = user;
    client->closed_by_server = true;
    if (client->end_reason.len == 0)
        buf_add_text(&client->end_reason, "the server closed the stream");
}

/* The connection is gone; the queue stays. */
static void finish(struct client *client, const char *reason)
{
    transport_free(client->transport);
    client->transport = NULL;
    if (client->end_reason.len == 0)
        buf_add_text(&client->end_reason, reason);
}

void client_move(struct client *client)
{
    struct buf in = BUF_INIT;
    bool open = transport_move(client->transport, &in);
    enum wire_fault fault = WIRE_OK;
    if (in.len)
        fault = wire_stream_feed(client->stream, in.data, in.len);
    client->bytes_in += in.len;
    buf_free(&in);
    if (fault != WIRE_OK) {
        buf_clear(&client->end_reason);
        buf_printf(&client->end_reason, "the server sent something that is not XMPP (%s)",
                   wire_fault_condition(fault));
    }
    if (!open || fault != WIRE_OK)
        finish(client, "the connection was cut");
}

struct received *client_next(struct client *client, const struct script_step *taker)
{
    struct received *received = client->waiting;
    if (!received)
        return NULL;
    client->waiting = received->next;
    received->taker = taker;
    return received;
}

/* ---- Sending ---- */

void client_start(struct client *client, struct transport *transport)
{
    const struct wire_events events = {client, on_opened, on_stanza, on_closed};
    const struct wire_limits limits = {STANZA_LIMIT, DEPTH_LIMIT};
    client_cut(client);
    client->transport = transport;
    client->stream = wire_stream_new(&events, &limits, true);
    client->closed_by_server = false;
}

void client_send(struct client *client, struct span text, bool secret)
{
    if (!client->transport)
        return;
    note_sent(client, secret ? span_of("(credentials, not shown)") : text);
    transport_send(client->transport, text);
}

void client_send_header(struct client *client)
{
    struct buf header = BUF_INIT;
    buf_add_text(&header, "<?xml version='1.0'?><stream:stream to='");
    xml_escape_attr(&header, span_of(client_domain(client)));
    buf_add_text(&header, "' version='1.0' xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAM "'>");
    client_send(client, buf_span(&header), false);
    buf_free(&header);
}

void client_ask(struct client *client, struct ask *ask, const char *type, const char *to,
                void (*payload)(struct xml *xml))
{
    *ask = (struct ask){.next = client->asks};
    client->asks = ask;
    snprintf(ask->id, sizeof ask->id, "%s-%llu", client->ask_prefix,
             (unsigned long long)++client->ask_count);
    struct buf iq = BUF_INIT;
    struct xml xml = xml_to(&iq);
    xml_open(&xml, "iq", NS_CLIENT);
    xml_attr_text(&xml, "type", type);
    xml_attr_text(&xml, "id", ask->id);
    xml_attr_text(&xml, "to", to);
    payload(&xml);
    xml_close(&xml);
    client_send(client, buf_span(&iq), false);
    buf_free(&iq);
}

void client_unask(struct client *client, struct ask *ask)
{
    for (struct ask **at = &client->asks; *at; at = &(*at)->next) {
        if (*at != ask)
            continue;
        *at = ask->next;
        return;
    }
}
