#include "occupant_id.h"

#include <openssl/core_names.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "service_state.h"

#define DIGEST 32 /* bytes of SHA-256 */

EVP_MAC_CTX *occupant_id_mac(void)
{
    char digest[] = "SHA256";
    const OSSL_PARAM settings[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_END};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    EVP_MAC_free(hmac);
    coven_assert(mac && EVP_MAC_CTX_set_params(mac, settings));
    return mac;
}

static void sign(EVP_MAC_CTX *mac, struct span key, struct span text,
                 unsigned char digest[EVP_MAX_MD_SIZE])
{
    coven_assert(EVP_MAC_init(mac, (const unsigned char *)key.at, key.len, NULL) &&
                 EVP_MAC_update(mac, (const unsigned char *)text.at, text.len) &&
                 EVP_MAC_final(mac, digest, NULL, EVP_MAX_MD_SIZE));
}

void occupant_id_make(EVP_MAC_CTX *mac, struct span salt, struct span bare,
                      char out[OCCUPANT_ID_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (salt.len > STORE_SALT) {
        sign(mac, bare, salt, digest);
        EVP_EncodeBlock((unsigned char *)out, digest, DIGEST);
    } else {
        sign(mac, salt, bare, digest);
        id_hex(digest, DIGEST / 2, out);
    }
}

void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE])
{
    occupant_id_make(room->service->mac, (struct span){room->salt, room->salt_len}, bare, out);
}
