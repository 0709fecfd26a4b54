#include "wire/scram_math.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "coven/bug.h"
#include "coven/id.h"

static const EVP_MD *digest_of(enum scram_hash hash)
{
    return hash == SCRAM_SHA_256 ? EVP_sha256() : EVP_sha1();
}

size_t scram_hash_len(enum scram_hash hash)
{
    return hash == SCRAM_SHA_256 ? 32 : 20;
}

void scram_hash(enum scram_hash hash, const unsigned char *in, unsigned char *out)
{
    int ok = EVP_Digest(in, scram_hash_len(hash), out, NULL, digest_of(hash), NULL);
    coven_assert(ok == 1);
}

void scram_hmac(enum scram_hash hash, const unsigned char *key, struct span text,
                unsigned char *out)
{
    const unsigned char *made = HMAC(digest_of(hash), key, (int)scram_hash_len(hash),
                                     (const unsigned char *)text.at, text.len, out, NULL);
    coven_assert(made);
}

void scram_salted(enum scram_hash hash, const char *password, struct span salt, unsigned iterations,
                  unsigned char *out)
{
    int ok = PKCS5_PBKDF2_HMAC(password, (int)strlen(password), (const unsigned char *)salt.at,
                               (int)salt.len, (int)iterations, digest_of(hash),
                               (int)scram_hash_len(hash), out);
    coven_assert(ok == 1);
}

void scram_client_key(enum scram_hash hash, const unsigned char *salted, unsigned char *out)
{
    scram_hmac(hash, salted, span_of("Client Key"), out);
}

void scram_server_key(enum scram_hash hash, const unsigned char *salted, unsigned char *out)
{
    scram_hmac(hash, salted, span_of("Server Key"), out);
}

void scram_xor(unsigned char *into, const unsigned char *with, size_t len)
{
    for (size_t i = 0; i < len; i++)
        into[i] ^= with[i];
}

bool scram_take(struct span *message, char c, struct span *value_r)
{
    if (message->len < 2 || message->at[0] != c || message->at[1] != '=')
        return false;
    const char *value = message->at + 2, *end = message->at + message->len;
    const char *comma = memchr(value, ',', message->len - 2);
    *value_r = (struct span){value, (size_t)((comma ? comma : end) - value)};
    *message = comma ? (struct span){comma + 1, (size_t)(end - comma) - 1} : (struct span){end, 0};
    return true;
}

void scram_nonce(char out[SCRAM_NONCE_MAX])
{
    id_random_text(out);
}

void scram_wipe(struct buf *buf)
{
    if (buf->data)
        OPENSSL_cleanse(buf->data, buf->cap);
    buf_free(buf);
}
