/*
 * A TCP connection that can become TLS. Connecting and the TLS handshake block, up to a deadline
 * of clock_mono_ms(); nothing else does. Certificates are not verified: this is a test tool.
 */
#ifndef SCENARIO_TRANSPORT_H
#define SCENARIO_TRANSPORT_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/span.h"

struct transport;

/* NULL, and the reason: no connection. */
struct transport *transport_connect(const char *host, const char *port, int64_t deadline,
                                    struct buf *error);
bool transport_start_tls(struct transport *transport, const char *domain, int64_t deadline,
                         struct buf *error);

/* Cuts the connection. */
void transport_free(struct transport *transport);

/* Queues bytes for transport_move(). */
void transport_send(struct transport *transport, struct span bytes);

/* The events to wait for before the next transport_move(). */
struct pollfd transport_poll(const struct transport *transport);

/*
 * Writes and reads without blocking, and adds the received bytes to `in`. False: the connection has
 * ended, perhaps after some last bytes.
 */
bool transport_move(struct transport *transport, struct buf *in);

#endif
