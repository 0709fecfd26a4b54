#include "login.h"

#include <stdlib.h>

#include "coven/ns.h"
#include "dialog.h"
#include "element.h"
#include "sasl.h"

/* ---- Streams ---- */

/* Opens a stream and returns its features. */
static const xmlNode *open_stream(struct dialog *dialog)
{
    client_send_header(dialog->client);
    const xmlNode *features = dialog_next(dialog, "the list of stream features");
    if (!features || element_is(features, "features", NS_STREAM))
        return features;
    dialog_unexpected(dialog, features, "the list of stream features");
    return NULL;
}

static const xmlNode *reopen_stream(struct dialog *dialog)
{
    wire_stream_restart(dialog->client->stream);
    return open_stream(dialog);
}

static const xmlNode *start_tls(struct dialog *dialog)
{
    struct client *client = dialog->client;
    dialog_send(dialog, "<starttls xmlns='" NS_TLS "'/>");
    const xmlNode *answer = dialog_next(dialog, "permission to start TLS");
    if (!answer)
        return NULL;
    if (!element_is(answer, "proceed", NS_TLS)) {
        dialog_unexpected(dialog, answer, "permission to start TLS");
        return NULL;
    }
    if (!transport_start_tls(client->transport, client_domain(client),
                             stage_deadline(dialog->stage), dialog->error))
        return NULL;
    return reopen_stream(dialog);
}

/* ---- Binding ---- */

static const xmlNode *iq_result(struct dialog *dialog, const char *waiting_for)
{
    const xmlNode *answer = dialog_next(dialog, waiting_for);
    const char *type = answer ? element_attr(answer, "type") : NULL;
    if (!answer || (element_is(answer, "iq", NS_CLIENT) && type && strcmp(type, "result") == 0))
        return answer;
    const xmlNode *error = element_child(answer, "error", NS_CLIENT);
    dialog_unexpected(dialog, error ? error : answer, waiting_for);
    return NULL;
}

static void send_bind(struct dialog *dialog)
{
    const char *resource = dialog->client->who->resource;
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
    client_send(dialog->client, buf_span(&iq), false);
    buf_free(&iq);
}

static bool bind_resource(struct dialog *dialog)
{
    send_bind(dialog);
    const xmlNode *result = iq_result(dialog, "a bound resource");
    const xmlNode *bound = result ? element_child(result, "bind", NS_BIND) : NULL;
    const xmlNode *jid = bound ? element_child(bound, "jid", NS_BIND) : NULL;
    if (!result)
        return false;
    if (!jid)
        return dialog_unexpected(dialog, result, "a bound resource");
    struct buf text = BUF_INIT;
    element_text(jid, &text);
    free(dialog->client->full_jid);
    dialog->client->full_jid = buf_take(&text);
    return true;
}

static bool start_session(struct dialog *dialog, const xmlNode *features)
{
    const xmlNode *session = element_child(features, "session", NS_SESSION);
    if (!session || element_child(session, "optional", NS_SESSION))
        return true;
    dialog_send(dialog, "<iq type='set' id='session'><session xmlns='" NS_SESSION "'/></iq>");
    return iq_result(dialog, "a session") != NULL;
}

/* ---- The whole ---- */

static bool connect_client(struct dialog *dialog)
{
    const struct script_client *who = dialog->client->who;
    const struct options *options = dialog->stage->options;
    const struct options_server *server = who->is_remote ? &options->remote : &options->server;
    struct transport *transport =
        transport_connect(who->connect_host ? who->connect_host : server->host,
                          who->connect_port ? who->connect_port : server->port,
                          stage_deadline(dialog->stage), dialog->error);
    if (transport)
        client_start(dialog->client, transport);
    return transport != NULL;
}

static bool shake_hands(struct dialog *dialog)
{
    const xmlNode *features = open_stream(dialog);
    if (features && element_child(features, "starttls", NS_TLS))
        features = start_tls(dialog);
    if (!features || !sasl_authenticate(dialog, features))
        return false;
    features = reopen_stream(dialog);
    return features && bind_resource(dialog) && start_session(dialog, features);
}

void login_knock(struct stage *stage, struct client *client)
{
    struct buf ignored = BUF_INIT;
    struct dialog dialog = {stage, client, &ignored};
    if (connect_client(&dialog))
        open_stream(&dialog);
    client_cut(client);
    buf_free(&ignored);
}

bool login_run(struct stage *stage, struct client *client, struct buf *error)
{
    struct dialog dialog = {stage, client, error};
    bool ok = connect_client(&dialog) && shake_hands(&dialog);
    if (!ok)
        client_cut(client);
    return ok;
}
