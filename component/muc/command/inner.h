/* Requests that a command makes in a room, as an owner's or admin's client would: they are judged,
 * carried out and told by the same functions. */
#ifndef MUC_COMMAND_INNER_H
#define MUC_COMMAND_INNER_H

#include "muc/state/request.h"
#include "running.h"

/* Makes an element; the caller owns the reference. */
xmpp_stanza_t *inner_element(struct run *run, const char *name, const char *ns);

/* Adds a child, which belongs to its parent. */
xmpp_stanza_t *inner_child(xmpp_stanza_t *parent, const char *name, const char *ns);

/* Adds <name>text</name>; nothing if `text` is NULL. */
void inner_text(xmpp_stanza_t *parent, const char *name, const char *text);

/* Passes an IQ with that payload, whose reference it takes over, from the caller to the run's room
 * to `handler`. An operator who is no owner counts as one, and those inside do not learn who it is.
 * Returns RUN_DONE or RUN_FAILED. The room may be gone. */
enum run_next inner_request(struct run *run, xmpp_stanza_t *payload, request_handler *handler);

#endif
