/* The IQs that the server answers itself: in its own name, and in that of its users. */
#ifndef SHIM_ANSWERS_H
#define SHIM_ANSWERS_H

#include "coven/jid.h"

struct server;
struct packet;

void answers_for_server(struct server *server, const struct packet *packet);

/* `to` is somebody's bare JID. */
void answers_for_account(struct server *server, const struct packet *packet, const struct jid *to);

/* A client's that bears no address. */
void answers_for_self(struct server *server, const struct packet *packet);

#endif
