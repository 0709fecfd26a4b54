/*
 * The beginning of a stream, for the tools that play a server, a component or clients: one side
 * speaks, the other answers. Blocking, because nothing else goes on yet.
 */
#ifndef WIRE_TALK_H
#define WIRE_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"

/* Everything is borrowed; who needs what is said below. */
struct talk_settings {
    const char *host, *port;  /* to listen at or to connect to; NULL: 127.0.0.1, any free port */
    const char *domain;       /* of the users */
    const char *service;      /* the name of the component */
    const char *secret;       /* of the component */
    const char *password;     /* of a client */
    const char *resource;     /* of a client */
    const char *declarations; /* more attributes of a client's stream header; NULL: none */
    uint32_t timeout_ms;      /* for all of it */
};

/* Each returns a connected, non-blocking socket on which stanzas may be sent, or -1 and one line of
 * `why`. */

/* Waits for the component on a listening socket, and lets it in: service, secret. */
int talk_as_server(int listener, const struct talk_settings *settings, struct buf *why);
/* host, port, domain (which is the component's), secret */
int talk_as_component(const struct talk_settings *settings, struct buf *why);
/* Logs in as that user: host, port, domain, password, resource, declarations. */
int talk_as_client(const struct talk_settings *settings, const char *user, struct buf *why);

/* A socket that is connected to the host and port. */
int talk_connect(const char *host, const char *port, struct buf *why);

/* A listening socket at the host and port, and what connects to it. */
int talk_listen(const struct talk_settings *settings, struct buf *why);
int talk_accept(int listener, uint32_t timeout_ms, struct buf *why);

#endif
