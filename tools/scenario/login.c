#include "login.h"

#include <stdlib.h>

#include "coven/ns.h"
#include "element.h"
#include "sasl.h"
#include "talk.h"

/* ---- Streams ---- */

/* Opens a stream and returns its features. */
static const xmlNode *open_stream(struct talk *talk)
{
    client_send_header(talk->client);
    const xmlNode *features = talk_next(talk, "the list of stream features");
    if (!features || element_is(features, "features", NS_STREAM))
        return features;
    talk_unexpected(talk, features, "the list of stream features");
    return NULL;
}

static const xmlNode *reopen_stream(struct talk *talk)
{
    wire_stream_restart(talk->client->stream);
    return open_stream(talk);
}

static const xmlNode *start_tls(struct talk *talk)
{
    struct client *client = talk->client;
    talk_send(talk, "<starttls xmlns='" NS_TLS "'/>");
    const xmlNode *answer = talk_next(talk, "permission to start TLS");
    if (!answer)
        return NULL;
    if (!element_is(answer, "proceed", NS_TLS)) {
        talk_unexpected(talk, answer, "permission to start TLS");
        return NULL;
    }
    if (!transport_start_tls(client->transport, client_domain(client), stage_deadline(talk->stage),
                             talk->error))
        return NULL;
    return reopen_stream(talk);
}

/* ---- Binding ---- */

static const xmlNode *iq_result(struct talk *talk, const char *waiting_for)
{
    const xmlNode *answer = talk_next(talk, waiting_for);
    const char *type = answer ? element_attr(answer, "type") : NULL;
    if (!answer || (element_is(answer, "iq", NS_CLIENT) && type && strcmp(type, "result") == 0))
        return answer;
    const xmlNode *error = element_child(answer, "error", NS_CLIENT);
    talk_unexpected(talk, error ? error : answer, waiting_for);
    return NULL;
}

static void send_bind(struct talk *talk)
{
    const char *resource = talk->client->who->resource;
    struct buf iq = BUF_INIT;
    struct xml xml = xml_to(&iq);
    xml_open(&xml, "iq", NS_CLIENT);
    xml_attr_text(&xml, "type", "set");
    xml_attr_text(&xml, "id", "bind");
    xml_open(&xml, "bind", NS_BIND);
    if (resource && *resource)
        xml_element(&xml, "resource", NS_BIND, span_of(resource));
    xml_close(&xml);
    xml_close(&xml);
    client_send(talk->client, buf_span(&iq), false);
    buf_free(&iq);
}

static bool bind_resource(struct talk *talk)
{
    send_bind(talk);
    const xmlNode *result = iq_result(talk, "a bound resource");
    const xmlNode *bound = result ? element_child(result, "bind", NS_BIND) : NULL;
    const xmlNode *jid = bound ? element_child(bound, "jid", NS_BIND) : NULL;
    if (!result)
        return false;
    if (!jid)
        return talk_unexpected(talk, result, "a bound resource");
    struct buf text = BUF_INIT;
    element_text(jid, &text);
    free(talk->client->full_jid);
    talk->client->full_jid = buf_take(&text);
    return true;
}

static bool start_session(struct talk *talk, const xmlNode *features)
{
    const xmlNode *session = element_child(features, "session", NS_SESSION);
    if (!session || element_child(session, "optional", NS_SESSION))
        return true;
    talk_send(talk, "<iq type='set' id='session'><session xmlns='" NS_SESSION "'/></iq>");
    return iq_result(talk, "a session") != NULL;
}

/* ---- The whole ---- */

static bool connect_client(struct talk *talk)
{
    const struct script_client *who = talk->client->who;
    const struct options *options = talk->stage->options;
    const struct options_server *server = who->is_remote ? &options->remote : &options->server;
    struct transport *transport =
        transport_connect(who->connect_host ? who->connect_host : server->host,
                          who->connect_port ? who->connect_port : server->port,
                          stage_deadline(talk->stage), talk->error);
    if (transport)
        client_start(talk->client, transport);
    return transport != NULL;
}

static bool shake_hands(struct talk *talk)
{
    const xmlNode *features = open_stream(talk);
    if (features && element_child(features, "starttls", NS_TLS))
        features = start_tls(talk);
    if (!features || !sasl_authenticate(talk, features))
        return false;
    features = reopen_stream(talk);
    return features && bind_resource(talk) && start_session(talk, features);
}

void login_knock(struct stage *stage, struct client *client)
{
    struct buf ignored = BUF_INIT;
    struct talk talk = {stage, client, &ignored};
    if (connect_client(&talk))
        open_stream(&talk);
    client_cut(client);
    buf_free(&ignored);
}

bool login_run(struct stage *stage, struct client *client, struct buf *error)
{
    struct talk talk = {stage, client, error};
    bool ok = connect_client(&talk) && shake_hands(&talk);
    if (!ok)
        client_cut(client);
    return ok;
}
