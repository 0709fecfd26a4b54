#include "disco_node.h"

#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/say/answer.h"

const char *disco_node_of(const struct request *request)
{
    const char *node = stanza_attr(request->payload, "node");
    return node ? node : "";
}

static struct draft open_node(struct request *request, const char *ns)
{
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", ns);
    xml_attr_text(&draft.xml, "node", NS_COMMANDS);
    return draft;
}

const struct stanza_error *disco_node_commands(struct request *request)
{
    struct draft draft = open_node(request, NS_DISCO_INFO);
    xml_open(&draft.xml, "identity", NULL);
    xml_attr_text(&draft.xml, "category", "automation");
    xml_attr_text(&draft.xml, "type", "command-list");
    xml_attr_text(&draft.xml, "name", "Commands");
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

const struct stanza_error *disco_node_commands_items(struct request *request)
{
    struct draft draft = open_node(request, NS_DISCO_ITEMS);
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}
