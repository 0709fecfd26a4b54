/* Which handler a stanza goes to: decided by one table. */
#ifndef MUC_ROUTE_H
#define MUC_ROUTE_H

#include "muc/state/request.h"

/* Finds the room and the sender's session, then the handler, and calls it. */
const struct stanza_error *route_request(struct request *request);

#endif
