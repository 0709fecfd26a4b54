/* Disco of commands (XEP-0050, 2): the list of those that the asker may run, and each of them. */

#include <string.h>

#include "adhoc.h"
#include "adhoc_offer.h"
#include "coven/ns.h"
#include "muc/do/disco_node.h"
#include "muc/do/handlers.h"
#include "muc/say/answer.h"

static struct draft open_node(struct request *request, const char *ns)
{
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", ns);
    xml_attr_text(&draft.xml, "node", disco_node_of(request));
    return draft;
}

static void write_identity(struct xml *xml, const char *type, struct span name)
{
    xml_open(xml, "identity", NULL);
    xml_attr_text(xml, "category", "automation");
    xml_attr_text(xml, "type", type);
    xml_attr(xml, "name", name);
    xml_close(xml);
}

static void write_feature(struct xml *xml, const char *var)
{
    xml_open(xml, "feature", NULL);
    xml_attr_text(xml, "var", var);
    xml_close(xml);
}

static void tell_list(struct request *request)
{
    struct draft draft = open_node(request, NS_DISCO_INFO);
    write_identity(&draft.xml, "command-list", span_of("Commands"));
    xml_close(&draft.xml);
    answer_send(request, &draft);
}

static void tell_command(struct request *request, const struct command *command)
{
    struct draft draft = open_node(request, NS_DISCO_INFO);
    struct buf title = BUF_INIT;
    adhoc_title(command, &title);
    write_identity(&draft.xml, "command-node", buf_span(&title));
    buf_free(&title);
    write_feature(&draft.xml, NS_COMMANDS);
    write_feature(&draft.xml, NS_DATA);
    xml_close(&draft.xml);
    answer_send(request, &draft);
}

static const struct stanza_error *tell_info(struct request *request, request_handler *otherwise)
{
    const char *node = disco_node_of(request);
    const struct command *command = adhoc_find(request, node);
    if (strcmp(node, NS_COMMANDS) == 0)
        tell_list(request);
    else if (!command)
        return otherwise(request);
    else if (!adhoc_allows(request, command))
        return &error_forbidden;
    else
        tell_command(request, command);
    return NULL;
}

static void write_item(struct xml *xml, const struct request *request,
                       const struct command *command)
{
    struct buf node = BUF_INIT, title = BUF_INIT;
    adhoc_node(command, &node);
    adhoc_title(command, &title);
    xml_open(xml, "item", NULL);
    xml_attr(xml, "jid", jid_bare(&request->to));
    xml_attr(xml, "node", buf_span(&node));
    xml_attr(xml, "name", buf_span(&title));
    xml_close(xml);
    buf_free(&node);
    buf_free(&title);
}

static const struct stanza_error *tell_items(struct request *request, request_handler *otherwise)
{
    const struct command *command;
    if (strcmp(disco_node_of(request), NS_COMMANDS) != 0)
        return otherwise(request);
    struct draft draft = open_node(request, NS_DISCO_ITEMS);
    for (size_t i = 0; (command = command_at(i)); i++) {
        if (adhoc_offers(request, command))
            write_item(&draft.xml, request, command);
    }
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

const struct stanza_error *adhoc_service_info(struct request *request)
{
    return tell_info(request, disco_service_info);
}

const struct stanza_error *adhoc_service_items(struct request *request)
{
    return tell_items(request, disco_service_items);
}

const struct stanza_error *adhoc_room_info(struct request *request)
{
    return tell_info(request, disco_room_info);
}

const struct stanza_error *adhoc_room_items(struct request *request)
{
    return tell_items(request, disco_room_items);
}
