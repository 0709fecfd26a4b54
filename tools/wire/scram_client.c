#include <openssl/crypto.h>
#include <stdlib.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "wire/scram_math.h"

#define ITERATIONS_MAX 10000000u

static const char gs2[] = "n,,";

struct scram_client {
    enum scram_hash hash;
    char *user, *password;
    char nonce[SCRAM_NONCE_MAX];
    struct buf auth; /* the messages so far, to be signed */
    unsigned char server_signature[SCRAM_HASH_MAX];
    bool signed_; /* server_signature is set */
};

struct scram_client *scram_client_new(enum scram_hash hash, const char *user, const char *password)
{
    struct scram_client *client = mem_new(sizeof *client);
    client->hash = hash;
    client->user = mem_string(user);
    client->password = mem_string(password);
    scram_nonce(client->nonce);
    return client;
}

void scram_client_free(struct scram_client *client)
{
    if (!client)
        return;
    OPENSSL_cleanse(client->password, strlen(client->password));
    free(client->password);
    free(client->user);
    scram_wipe(&client->auth);
    OPENSSL_cleanse(client, sizeof *client);
    free(client);
}

void scram_client_set_nonce(struct scram_client *client, const char *nonce)
{
    size_t len = strlen(nonce);
    coven_assert(len < sizeof client->nonce);
    memcpy(client->nonce, nonce, len + 1);
}

static void add_name(struct buf *out, const char *name)
{
    for (; *name; name++) {
        if (*name == ',')
            buf_add_text(out, "=2C");
        else if (*name == '=')
            buf_add_text(out, "=3D");
        else
            buf_add_char(out, *name);
    }
}

void scram_client_first(struct scram_client *client, struct buf *out)
{
    buf_clear(&client->auth);
    buf_add_text(&client->auth, "n=");
    add_name(&client->auth, client->user);
    buf_printf(&client->auth, ",r=%s", client->nonce);
    buf_add_text(out, gs2);
    buf_add_span(out, buf_span(&client->auth));
}

static bool read_iterations(struct span text, unsigned *count_r)
{
    unsigned count = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || count > ITERATIONS_MAX)
            return false;
        count = count * 10 + (unsigned)(text.at[i] - '0');
    }
    if (count == 0 || count > ITERATIONS_MAX)
        return false;
    *count_r = count;
    return true;
}

/* The server's nonce must continue ours. */
static bool extends_nonce(const struct scram_client *client, struct span nonce)
{
    size_t own = strlen(client->nonce);
    return nonce.len > own && memcmp(nonce.at, client->nonce, own) == 0;
}

/* Adds the proof to `out`, and keeps the signature that the server must send. */
static void sign(struct scram_client *client, struct span salt, unsigned iterations,
                 struct buf *out)
{
    unsigned char salted[SCRAM_HASH_MAX], key[SCRAM_HASH_MAX], stored[SCRAM_HASH_MAX];
    unsigned char signature[SCRAM_HASH_MAX];
    size_t len = scram_hash_len(client->hash);
    struct span auth = buf_span(&client->auth);
    scram_salted(client->hash, client->password, salt, iterations, salted);
    scram_client_key(client->hash, salted, key);
    scram_hash(client->hash, key, stored);
    scram_hmac(client->hash, stored, auth, signature);
    scram_xor(signature, key, len);
    wire_base64_add(out, (struct span){(const char *)signature, len});
    scram_server_key(client->hash, salted, key);
    scram_hmac(client->hash, key, auth, client->server_signature);
    client->signed_ = true;
    OPENSSL_cleanse(salted, sizeof salted);
    OPENSSL_cleanse(key, sizeof key);
}

bool scram_client_final(struct scram_client *client, struct span server_first, struct buf *out)
{
    struct span rest = server_first, nonce, salt_text, count_text;
    struct buf salt = BUF_INIT;
    unsigned iterations;
    bool ok = scram_take(&rest, 'r', &nonce) && scram_take(&rest, 's', &salt_text) &&
              scram_take(&rest, 'i', &count_text) && extends_nonce(client, nonce) &&
              read_iterations(count_text, &iterations) && wire_base64_read(salt_text, &salt) &&
              salt.len > 0;
    if (ok) {
        struct buf bare = BUF_INIT;
        buf_add_text(&bare, "c=");
        wire_base64_add(&bare, span_of(gs2));
        buf_add_text(&bare, ",r=");
        buf_add_span(&bare, nonce);
        buf_add_char(&client->auth, ',');
        buf_add_span(&client->auth, server_first);
        buf_add_char(&client->auth, ',');
        buf_add_span(&client->auth, buf_span(&bare));
        buf_add_span(out, buf_span(&bare));
        buf_add_text(out, ",p=");
        sign(client, buf_span(&salt), iterations, out);
        buf_free(&bare);
    }
    buf_free(&salt);
    return ok;
}

bool scram_client_verify(struct scram_client *client, struct span server_final)
{
    struct span rest = server_final, value;
    struct buf signature = BUF_INIT;
    size_t len = scram_hash_len(client->hash);
    bool ok = client->signed_ && scram_take(&rest, 'v', &value) &&
              wire_base64_read(value, &signature) && signature.len == len &&
              CRYPTO_memcmp(signature.data, client->server_signature, len) == 0;
    buf_free(&signature);
    return ok;
}
