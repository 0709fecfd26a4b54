/* Where a stanza goes, and what comes back when it cannot (RFC 6121, 8). */
#ifndef SHIM_ROUTE_H
#define SHIM_ROUTE_H

#include "packet.h"

struct server;

/* Delivers the packet, answers it, or sends it back with an error. */
void route_packet(struct server *server, const struct packet *packet);

/* Sends an error to where the packet came from, if it is one that may be answered. */
void route_bounce(const struct packet *packet, const struct packet_error *error);

#endif
