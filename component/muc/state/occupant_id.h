/* Occupant ids (XEP-0421): the same for a user in a room for ever, whatever the nick, different in
 * every room, and nobody can find the user from one. */
#ifndef MUC_OCCUPANT_ID_H
#define MUC_OCCUPANT_ID_H

#include <openssl/evp.h>

#include "coven/span.h"

struct room;

#define OCCUPANT_ID_SIZE 33 /* 32 hexadecimal digits and a NUL */

/* The id of the user with that bare JID in the room. */
void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE]);

/* What makes the ids; to look it up for each of them would cost more than to use it. The caller
 * owns it. */
EVP_MAC_CTX *occupant_id_mac(void);

#endif
