/*
 * Messages of a room without an archive that are not in the store yet. They serve only the
 * discussion history, which may be lost, so no turn waits for the disk because of them. They are
 * written a second later, no more than the history holds, or earlier when somebody wants to read
 * them.
 */
#ifndef MUC_UNARCHIVED_H
#define MUC_UNARCHIVED_H

#include "coven/store.h"

struct blob;
struct rendered;
struct room;
struct service;

struct unarchived {
    struct unarchived *prev, *next;
    struct rendered *stanza;  /* holds a reference */
    struct blob *author;      /* full JID, holds a reference; NULL: the room */
    struct store_message row; /* without texts except the nick, which is a copy */
};

/* Adds a message: copies `row`, and takes references to author and stanza. */
void unarchived_add(struct room *room, const struct store_message *row, struct blob *author,
                    struct rendered *stanza);

/* Stores the room's messages. */
void unarchived_save(struct room *room);

/* The same for all rooms, as many messages as fit into a turn. Returns false if some are left. */
bool unarchived_save_some(struct service *service);

/* Drops the room's messages. */
void unarchived_forget(struct room *room);

#endif
