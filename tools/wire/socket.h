/* TCP sockets: each function returns a non-blocking socket, or -1 and one line of `why`. */
#ifndef WIRE_SOCKET_H
#define WIRE_SOCKET_H

#include <stdint.h>

#include "coven/buf.h"

int socket_connect(const char *host, const char *port, struct buf *why);

/* A listening socket. NULL: 127.0.0.1, any free port. */
int socket_listen(const char *host, const char *port, struct buf *why);
int socket_accept(int listener, uint32_t timeout_ms, struct buf *why);

#endif
