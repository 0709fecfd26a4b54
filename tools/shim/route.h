/* Routing of stanzas, and the errors for those that cannot be delivered (RFC 6121, section 8). */
#ifndef SHIM_ROUTE_H
#define SHIM_ROUTE_H

#include "packet.h"

struct server;

/* Delivers the packet, answers it, or returns it with an error. */
void route_packet(struct server *server, const struct packet *packet);

/* Returns an error to the origin of the packet, if packet_may_bounce(). */
void route_bounce(const struct packet *packet, const struct packet_error *error);

#endif
