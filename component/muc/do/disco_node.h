/* Nodes that are asked about by service discovery. Those of commands are in muc/command. */
#ifndef MUC_DISCO_NODE_H
#define MUC_DISCO_NODE_H

#include "muc/state/request.h"

/* Returns the node that is asked about; "" for the address itself. */
const char *disco_node_of(const struct request *request);

#endif
