/*
 * Opens a stream for tools that play a server, a component (XEP-0114) or clients, up to where
 * stanzas may be sent. Blocking, because nothing else goes on yet.
 */
#ifndef WIRE_HANDSHAKE_H
#define WIRE_HANDSHAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "wire/tls.h"

/* Everything is borrowed. The functions below name the fields that they use. */
struct handshake_settings {
    const char *host, *port;  /* to connect to */
    const char *domain;       /* of the users, or of the component */
    const char *service;      /* the component's domain */
    const char *secret;       /* of the component */
    const char *password;     /* of a client */
    const char *resource;     /* of a client */
    const char *declarations; /* more attributes of a client's stream header; NULL: none */
    uint32_t timeout_ms;      /* for the whole handshake */
    struct tls **tls_r;       /* a client starts TLS, and it goes there; NULL: no TLS */
    bool stream_management;   /* a client enables it */
};

/* Each returns a connected, non-blocking socket on which stanzas may be sent, or -1 and one line of
 * `why`. */

/* Accepts a component on a listening socket: service, secret. */
int handshake_as_server(int listener, const struct handshake_settings *settings, struct buf *why);
/* Connects as a component: host, port, domain, secret. */
int handshake_as_component(const struct handshake_settings *settings, struct buf *why);
/* Logs in as that user: host, port, domain, password, resource, declarations, TLS, stream
 * management. */
int handshake_as_client(const struct handshake_settings *settings, const char *user,
                        struct buf *why);

#endif
