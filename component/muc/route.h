/* Decides by one table which handler a stanza goes to. */
#ifndef MUC_ROUTE_H
#define MUC_ROUTE_H

#include "muc/state/request.h"

/* Finds the room and the sender's session, checks the limits, then calls the handler. Returns the
 * error that refuses the request, or NULL. */
const struct stanza_error *route_request(struct request *request);

#endif
