/* Copies that are made here for a component, as mod_coven_multi makes them (coven/outbox.h). */
#ifndef SHIM_MULTI_H
#define SHIM_MULTI_H

#include <stdbool.h>

struct packet;
struct server;

/* Takes what the component of that domain sends, if it is the question whether copies are made
 * here, or has a list of recipients and that key. False: it is to be routed as it is. */
bool multi_take(struct server *server, const struct packet *packet, const char *domain,
                const char *key);

#endif
