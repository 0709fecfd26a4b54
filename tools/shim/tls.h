/* TLS between two buffers: OpenSSL is given bytes and asked for bytes, and never sees a socket. */
#ifndef SHIM_TLS_H
#define SHIM_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"

/*
 * What every connection shares. With the files, or, where they are NULL, with a key and a
 * self-signed certificate for `domain` that are made on the spot. NULL, and one line in `why_r`
 * (freed by the caller), when that fails.
 */
SSL_CTX *tls_context_new(const char *domain, const char *cert_file, const char *key_file,
                         char **why_r);

struct tls;
struct tls *tls_new(SSL_CTX *context);
void tls_free(struct tls *tls);

/* Takes what came off the wire and hands out what it says; false when it is no TLS any more. */
bool tls_receive(struct tls *tls, struct span wire, void (*plain)(void *user, struct span bytes),
                 void *user);

/* Encrypts all of `plain` and empties it; before the handshake is over it stays. */
void tls_send(struct tls *tls, struct buf *plain);

/* Says good-bye. */
void tls_close(struct tls *tls);

/* The bytes that belong on the wire; whoever writes them takes them out. */
struct buf *tls_wire(struct tls *tls);

#endif
