/* The avatar of a room (XEP-0486): the hashes of its images, by which clients see whether they have
 * them already. */
#ifndef MUC_AVATAR_H
#define MUC_AVATAR_H

#include "coven/store.h"

struct room;

#define AVATAR_ROW        "avatar" /* of the room's options in the store */
#define AVATAR_HASH_CHARS 40       /* SHA-1 in hex */

/* Takes the hashes over when the row is the avatar's; other rows and damaged ones change nothing.
 */
void avatar_load(struct room *room, const struct store_option *row);

#endif
