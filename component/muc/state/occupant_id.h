/* Occupant ids (XEP-0421): constant for a user in a room, under any nick, and different in every
 * room. Nobody can find the user from the id. */
#ifndef MUC_OCCUPANT_ID_H
#define MUC_OCCUPANT_ID_H

#include <openssl/evp.h>

#include "coven/span.h"

struct room;

#define OCCUPANT_ID_SIZE 45 /* 32 hexadecimal digits, or Prosody's 44 of base64, and a NUL */

/* Writes the id of the user with that bare JID in the room. */
void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE]);

/* The same for a salt, with the context of occupant_id_mac(). A salt that is longer than STORE_SALT
 * is Prosody's: the id is made as Prosody makes it, so that people keep theirs. */
void occupant_id_make(EVP_MAC_CTX *mac, struct span salt, struct span bare,
                      char out[OCCUPANT_ID_SIZE]);

/* Returns the context for HMAC-SHA-256, which the caller owns. It is made once: fetching it costs
 * more than an id. */
EVP_MAC_CTX *occupant_id_mac(void);

#endif
