/* Requests to a room that was destroyed (RFC 6120, 8.3.3.5). */
#ifndef MUC_GONE_H
#define MUC_GONE_H

#include "muc/state/request.h"

/* The room does not exist. If it was destroyed, the error says where it went; NULL: the room was
 * never there, or the sender may create it, or disco asks, for which there is no such room. */
const struct stanza_error *gone_check(struct request *request);

#endif
