/* Nodes that are asked about by service discovery, and the one that the service and all rooms have:
 * the list of commands (XEP-0050). It is empty. */
#ifndef MUC_DISCO_NODE_H
#define MUC_DISCO_NODE_H

#include "muc/state/request.h"

/* Returns the node that is asked about; "" for the address itself. */
const char *disco_node_of(const struct request *request);

/* Answer for the node of commands. */
request_handler disco_node_commands;       /* disco#info */
request_handler disco_node_commands_items; /* disco#items */

#endif
