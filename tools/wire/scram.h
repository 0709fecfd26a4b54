/*
 * SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding, both sides.
 * Passwords are not normalized. Secrets are wiped when a side is freed. Messages are plain text;
 * the caller encodes them (wire_base64_*).
 */
#ifndef WIRE_SCRAM_H
#define WIRE_SCRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/buf.h"
#include "coven/span.h"

enum scram_hash { SCRAM_SHA_1, SCRAM_SHA_256 };

#define SCRAM_HASH_MAX 32
#define SCRAM_SALT     16

/* What a server stores of a password. */
struct scram_keys {
    enum scram_hash hash;
    unsigned iterations;
    unsigned char salt[SCRAM_SALT];
    unsigned char stored_key[SCRAM_HASH_MAX], server_key[SCRAM_HASH_MAX];
};

/* Makes keys with a random salt. */
void scram_keys_make(struct scram_keys *keys, enum scram_hash hash, const char *password,
                     unsigned iterations);
/* Makes keys with the hash, salt and iterations in `keys`. */
void scram_keys_derive(struct scram_keys *keys, const char *password);

/* ---- The client's side ---- */
struct scram_client;
struct scram_client *scram_client_new(enum scram_hash hash, const char *user, const char *password);
void scram_client_free(struct scram_client *client);
void scram_client_first(struct scram_client *client, struct buf *out);
/* Answers the server's first message. False: it is malformed. */
bool scram_client_final(struct scram_client *client, struct span server_first, struct buf *out);
/* Replaces the random nonce, for tests. */
void scram_client_set_nonce(struct scram_client *client, const char *nonce);
/* Did the server prove that it knows the password? */
bool scram_client_verify(struct scram_client *client, struct span server_final);

/* ---- The server's side ---- */
struct scram_server;
struct scram_server *scram_server_new(enum scram_hash hash);
void scram_server_free(struct scram_server *server);
/* Reads the client's first message. Returns the user name, owned by the server side; NULL: it is
 * malformed. */
const char *scram_server_user(struct scram_server *server, struct span client_first);
/* Answers with the keys of that user (for an unknown user: of a random password). */
void scram_server_first(struct scram_server *server, const struct scram_keys *keys,
                        struct buf *out);
/* Replaces the random nonce, for tests. */
void scram_server_set_nonce(struct scram_server *server, const char *nonce);
/* Checks the proof in constant time. True: it is right, and the final message is added. */
bool scram_server_final(struct scram_server *server, struct span client_final, struct buf *out);

/* ---- Base64 ---- */
void wire_base64_add(struct buf *out, struct span bytes);
bool wire_base64_read(struct span text, struct buf *out); /* strict: false for anything malformed */

#endif
