/*
 * Messages of a room without an archive. They are for its history alone, which is no promise to
 * anybody: so no turn waits for the disk because of them. They are written a second later, and then
 * only as many as the history holds, or when somebody wants to read them.
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
    struct rendered *stanza;  /* a reference */
    struct blob *author;      /* full JID, a reference; NULL: the room */
    struct store_message row; /* without texts but the nick, which is a copy */
};

/* Takes a message over: `row` and the stanza that it is of. */
void unarchived_add(struct room *room, const struct store_message *row, struct blob *author,
                    struct rendered *stanza);

/* Writes what waits. */
void unarchived_save(struct room *room);

/* The same for all rooms, as many as a turn can bear. False: more are left. */
bool unarchived_save_some(struct service *service);

/* Forgets what waits. */
void unarchived_forget(struct room *room);

#endif
