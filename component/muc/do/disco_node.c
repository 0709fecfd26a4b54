#include "disco_node.h"

#include "coven/stanza.h"

const char *disco_node_of(const struct request *request)
{
    const char *node = stanza_attr(request->payload, "node");
    return node ? node : "";
}
