/* A component's stream (XEP-0114). */
#ifndef SHIM_COMPONENT_H
#define SHIM_COMPONENT_H

#include <uv.h>

struct server;
struct component;
struct packet;

void component_accept(struct server *server, uv_stream_t *listener);

void component_deliver(struct component *component, const struct packet *packet);

#endif
