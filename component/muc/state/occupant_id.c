#include "occupant_id.h"

#include <openssl/core_names.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "service_state.h"

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

void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MAC_CTX *mac = room->service->mac;
    coven_assert(EVP_MAC_init(mac, room->salt, sizeof room->salt, NULL) &&
                 EVP_MAC_update(mac, (const unsigned char *)bare.at, bare.len) &&
                 EVP_MAC_final(mac, digest, NULL, sizeof digest));
    id_hex(digest, (OCCUPANT_ID_SIZE - 1) / 2, out);
}
