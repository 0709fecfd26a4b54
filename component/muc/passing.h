/*
 * Messages of a room without an archive. They are for its history alone, which is no promise to
 * anybody: so no turn waits for the disk because of them. They are written a second later, and then
 * only as many as the history holds, or when somebody wants to read them.
 */
#ifndef MUC_PASSING_H
#define MUC_PASSING_H

#include "coven/store.h"

struct blob;
struct rendered;
struct room;
struct service;

struct passing {
    struct passing *prev, *next;
    struct rendered *stanza;  /* a reference */
    struct blob *author;      /* full JID, a reference; NULL: the room */
    struct store_message row; /* without texts but the nick, which is a copy */
};

/* Takes a message over: `row` and the stanza that it is of. */
void passing_add(struct room *room, const struct store_message *row, struct blob *author,
                 struct rendered *stanza);

/* Writes what waits. */
void passing_save(struct room *room);

/* The same for all rooms, as many as a turn can bear. False: more are left. */
bool passing_save_some(struct service *service);

/* Forgets what waits. */
void passing_forget(struct room *room);

#endif
