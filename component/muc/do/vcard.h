/*
 * The vCard of a room, and in it its avatar (XEP-0054, XEP-0486). The card itself is only in the
 * store; in memory are the hashes by which clients see whether they know the avatar already.
 */
#ifndef MUC_VCARD_H
#define MUC_VCARD_H

#include "coven/store.h"
#include "coven/xml.h"

struct request;
struct room;

/* A row of the room's options as it is loaded; what is none of the avatar's is passed over. */
void avatar_load(struct room *room, const struct store_option *row);

/* The field of muc#roominfo, if there is an avatar and the sender may know it. */
void avatar_write_info(struct xml *xml, const struct request *request);

#endif
