#include <openssl/crypto.h>
#include <stdlib.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "wire/scram_math.h"

struct scram_server {
    enum scram_hash hash;
    char *user;
    char nonce[SCRAM_NONCE_MAX]; /* the server's part */
    struct buf gs2;              /* the client's GS2 header, which it must repeat */
    struct buf client_nonce;
    struct buf auth; /* the messages so far, to be signed */
    struct scram_keys keys;
};

void scram_keys_derive(struct scram_keys *keys, const char *password)
{
    unsigned char salted[SCRAM_HASH_MAX], key[SCRAM_HASH_MAX];
    struct span salt = {(const char *)keys->salt, sizeof keys->salt};
    scram_salted(keys->hash, password, salt, keys->iterations, salted);
    scram_client_key(keys->hash, salted, key);
    scram_hash(keys->hash, key, keys->stored_key);
    scram_server_key(keys->hash, salted, keys->server_key);
    OPENSSL_cleanse(salted, sizeof salted);
    OPENSSL_cleanse(key, sizeof key);
}

void scram_keys_make(struct scram_keys *keys, enum scram_hash hash, const char *password,
                     unsigned iterations)
{
    *keys = (struct scram_keys){.hash = hash, .iterations = iterations};
    id_random_bytes(keys->salt, sizeof keys->salt);
    scram_keys_derive(keys, password);
}

struct scram_server *scram_server_new(enum scram_hash hash)
{
    struct scram_server *server = mem_new(sizeof *server);
    server->hash = hash;
    scram_nonce(server->nonce);
    return server;
}

void scram_server_free(struct scram_server *server)
{
    if (!server)
        return;
    free(server->user);
    buf_free(&server->gs2);
    buf_free(&server->client_nonce);
    scram_wipe(&server->auth);
    OPENSSL_cleanse(server, sizeof *server);
    free(server);
}

void scram_server_set_nonce(struct scram_server *server, const char *nonce)
{
    size_t len = strlen(nonce);
    coven_assert(len < sizeof server->nonce);
    memcpy(server->nonce, nonce, len + 1);
}

/* Takes "n,," or "y,,", or the same with an authorization identity, from the front. "p=" is
 * refused: channel binding is not offered. */
static bool take_gs2(struct span *message, struct buf *gs2)
{
    if (message->len < 3 || (message->at[0] != 'n' && message->at[0] != 'y') ||
        message->at[1] != ',')
        return false;
    const char *comma = memchr(message->at + 2, ',', message->len - 2);
    if (!comma)
        return false;
    size_t len = (size_t)(comma - message->at) + 1;
    buf_clear(gs2);
    buf_add(gs2, message->at, len);
    *message = (struct span){message->at + len, message->len - len};
    return true;
}

/* Decodes a name. NULL: it has an escape other than "=2C" and "=3D". */
static char *read_name(struct span text)
{
    struct buf name = BUF_INIT;
    for (size_t i = 0; i < text.len; i++) {
        struct span escape = {text.at + i, text.len - i < 3 ? text.len - i : 3};
        if (text.at[i] != '=' && text.at[i] != '\0') {
            buf_add_char(&name, text.at[i]);
            continue;
        }
        if (!span_is(escape, "=2C") && !span_is(escape, "=3D")) {
            buf_free(&name);
            return NULL;
        }
        buf_add_char(&name, escape.at[1] == '2' ? ',' : '=');
        i += 2;
    }
    return name.len ? buf_take(&name) : NULL;
}

const char *scram_server_user(struct scram_server *server, struct span client_first)
{
    struct span bare = client_first, name, nonce;
    if (!take_gs2(&bare, &server->gs2))
        return NULL;
    struct span rest = bare;
    if (!scram_take(&rest, 'n', &name) || !scram_take(&rest, 'r', &nonce) || nonce.len == 0 ||
        nonce.len >= SCRAM_NONCE_MAX)
        return NULL;
    free(server->user);
    server->user = read_name(name);
    buf_clear(&server->auth);
    buf_add_span(&server->auth, bare);
    buf_clear(&server->client_nonce);
    buf_add_span(&server->client_nonce, nonce);
    return server->user;
}

void scram_server_first(struct scram_server *server, const struct scram_keys *keys, struct buf *out)
{
    struct buf first = BUF_INIT;
    coven_assert(keys->hash == server->hash);
    server->keys = *keys;
    buf_add_text(&first, "r=");
    buf_add_span(&first, buf_span(&server->client_nonce));
    buf_printf(&first, "%s,s=", server->nonce);
    wire_base64_add(&first, (struct span){(const char *)keys->salt, sizeof keys->salt});
    buf_printf(&first, ",i=%u", keys->iterations);
    buf_add_char(&server->auth, ',');
    buf_add_span(&server->auth, buf_span(&first));
    buf_add_span(out, buf_span(&first));
    buf_free(&first);
}

static bool repeats_gs2(const struct scram_server *server, struct span text)
{
    struct buf gs2 = BUF_INIT;
    bool same = wire_base64_read(text, &gs2) && span_equal(buf_span(&gs2), buf_span(&server->gs2));
    buf_free(&gs2);
    return same;
}

static bool repeats_nonce(const struct scram_server *server, struct span nonce)
{
    size_t client = server->client_nonce.len, own = strlen(server->nonce);
    return nonce.len == client + own && memcmp(nonce.at, server->client_nonce.data, client) == 0 &&
           memcmp(nonce.at + client, server->nonce, own) == 0;
}

static bool proof_is_right(struct scram_server *server, const unsigned char *proof)
{
    unsigned char key[SCRAM_HASH_MAX], stored[SCRAM_HASH_MAX];
    size_t len = scram_hash_len(server->hash);
    scram_hmac(server->hash, server->keys.stored_key, buf_span(&server->auth), key);
    scram_xor(key, proof, len);
    scram_hash(server->hash, key, stored);
    OPENSSL_cleanse(key, sizeof key);
    return CRYPTO_memcmp(stored, server->keys.stored_key, len) == 0;
}

static void add_signature(struct scram_server *server, struct buf *out)
{
    unsigned char signature[SCRAM_HASH_MAX];
    scram_hmac(server->hash, server->keys.server_key, buf_span(&server->auth), signature);
    buf_add_text(out, "v=");
    wire_base64_add(out, (struct span){(const char *)signature, scram_hash_len(server->hash)});
}

bool scram_server_final(struct scram_server *server, struct span client_final, struct buf *out)
{
    struct span rest = client_final, channel, nonce, proof_text;
    struct buf proof = BUF_INIT;
    bool ok = scram_take(&rest, 'c', &channel) && scram_take(&rest, 'r', &nonce) &&
              repeats_gs2(server, channel) && repeats_nonce(server, nonce);
    size_t bare_len = client_final.len - rest.len;
    ok = ok && bare_len > 0 && scram_take(&rest, 'p', &proof_text) && rest.len == 0 &&
         wire_base64_read(proof_text, &proof) && proof.len == scram_hash_len(server->hash);
    if (ok) {
        buf_add_char(&server->auth, ',');
        buf_add(&server->auth, client_final.at, bare_len - 1);
        ok = proof_is_right(server, (const unsigned char *)proof.data);
    }
    if (ok)
        add_signature(server, out);
    scram_wipe(&proof);
    return ok;
}
