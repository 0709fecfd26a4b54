/* The avatar of a room (XEP-0486): the hashes of its images, by which a client knows whether it has
 * them already. */
#ifndef MUC_AVATAR_H
#define MUC_AVATAR_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/store.h"

struct room;

#define CARD_ROW          "vcard" /* names of rows in the room's options in the store */
#define AVATAR_ROW        "avatar"
#define AVATAR_HASH_CHARS 40 /* SHA-1 in hex */

/* Takes the hashes over if the row is the avatar's. Other rows and damaged ones change nothing. */
void avatar_load(struct room *room, const struct store_option *row);

/* Appends the hashes of the images in a vCard, as coven/xml.h wrote it; an empty one has none.
 * False: an image is not valid base64, or there are too many. */
bool avatar_read(struct span card, struct buf *hashes);

/* Is the first image of both the same? Each has the hashes one after the other; NULL: no image. */
bool avatar_is_same(const char *a, const char *b);

#endif
