/* TLS between two buffers: OpenSSL never sees a socket. */
#ifndef SHIM_TLS_H
#define SHIM_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"

/*
 * The context that all connections share, with the certificate and key of the files, or, where
 * these are NULL, with a new key and a self-signed certificate for `domain`. Returns NULL, and one
 * line in `why_r`, which the caller frees, on failure.
 */
SSL_CTX *tls_context_new(const char *domain, const char *cert_file, const char *key_file,
                         char **why_r);

struct tls;
struct tls *tls_new(SSL_CTX *context);
void tls_free(struct tls *tls);

/* Decrypts received bytes and calls `plain` with the result. False: the bytes are not valid TLS. */
bool tls_receive(struct tls *tls, struct span wire, void (*plain)(void *user, struct span bytes),
                 void *user);

/* Encrypts `plain` and empties it. Before the end of the handshake it does nothing. */
void tls_send(struct tls *tls, struct buf *plain);

/* Adds the close_notify alert. */
void tls_close(struct tls *tls);

/* The encrypted bytes to write; the caller removes them from the buffer. */
struct buf *tls_wire(struct tls *tls);

#endif
