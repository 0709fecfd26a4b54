/* Occupant ids (XEP-0421): constant for a user in a room, under any nick, and different in every
 * room. Nobody can find the user from the id. */
#ifndef MUC_OCCUPANT_ID_H
#define MUC_OCCUPANT_ID_H

#include <openssl/evp.h>

#include "coven/span.h"

struct room;

#define OCCUPANT_ID_SIZE 33 /* 32 hexadecimal digits and a NUL */

/* Writes the id of the user with that bare JID in the room. */
void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE]);

/* Returns the context for HMAC-SHA-256, which the caller owns. It is made once: fetching it costs
 * more than an id. */
EVP_MAC_CTX *occupant_id_mac(void);

#endif
