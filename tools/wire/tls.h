/*
 * TLS for clients that only measure: no certificate is verified. The functions for bytes take NULL
 * for a connection without TLS, and then use the socket itself.
 */
#ifndef WIRE_TLS_H
#define WIRE_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tls;

/* Shakes hands on a connected, non-blocking socket. NULL: not before the deadline, or refused. */
struct tls *tls_connect(int fd, const char *domain, int64_t deadline);
/* Does not close the socket. */
void tls_free(struct tls *tls);

/* As recv() and send(), with EAGAIN when the socket is not ready. */
ssize_t tls_receive(struct tls *tls, int fd, char *bytes, size_t len);
ssize_t tls_send(struct tls *tls, int fd, const char *bytes, size_t len);
/* Were bytes read from the socket that tls_receive() has not returned yet? */
bool tls_is_pending(const struct tls *tls);

#endif
