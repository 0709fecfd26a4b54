/* The IQs that the server answers for itself and for its users. */
#ifndef SHIM_ANSWERS_H
#define SHIM_ANSWERS_H

#include "coven/jid.h"

struct server;
struct packet;

void answers_for_server(struct server *server, const struct packet *packet);

/* An IQ to a bare JID of the server's. */
void answers_for_account(struct server *server, const struct packet *packet, const struct jid *to);

/* An IQ of a client's, without an address. */
void answers_for_self(struct server *server, const struct packet *packet);

#endif
