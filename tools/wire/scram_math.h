/* The computations of both sides of SCRAM, and the parsing of its messages; for tools/wire only. */
#ifndef WIRE_SCRAM_MATH_H
#define WIRE_SCRAM_MATH_H

#include "wire/scram.h"

#define SCRAM_NONCE_MAX 256

struct scram_digest {
    unsigned char bytes[SCRAM_HASH_MAX];
};

size_t scram_hash_len(enum scram_hash hash);
void scram_hash(enum scram_hash hash, const unsigned char *in, unsigned char *out);
void scram_hmac(enum scram_hash hash, const unsigned char *key, struct span text,
                unsigned char *out);
/* PBKDF2: the salted password. */
void scram_salted(enum scram_hash hash, const char *password, struct span salt, unsigned iterations,
                  unsigned char *out);
/* The two keys of a salted password: HMAC of "Client Key", HMAC of "Server Key". */
void scram_client_key(enum scram_hash hash, const unsigned char *salted, unsigned char *out);
void scram_server_key(enum scram_hash hash, const unsigned char *salted, unsigned char *out);
void scram_xor(unsigned char *into, const unsigned char *with, size_t len);

/* Takes `c=value` and the comma after it from the front of a message. */
bool scram_take(struct span *message, char c, struct span *value_r);

/* Makes a random nonce, printable and without commas. */
void scram_nonce(char out[SCRAM_NONCE_MAX]);

/* Wipes and frees. */
void scram_wipe(struct buf *buf);

#endif
