/* How a room begins, rests and ends in memory and store. Nobody is told here. */
#ifndef MUC_ROOM_LIFE_H
#define MUC_ROOM_LIFE_H

#include "room.h"

/* A new, locked room with its first owner. */
struct room *room_life_create(struct service *service, struct span node, struct span creator);

/* Takes the room out of memory and store. */
void room_life_destroy(struct room *room);

/*
 * The turn is over for the room: it is freed if it is gone, or if it changed and changes are
 * dropped (`forget`); one that nobody is in rests in memory, and the one that has rested longest
 * makes place for it if there are too many.
 */
void room_life_settle(struct room *room, bool forget);

/* Frees the room, without touching the store. */
void room_life_free(struct room *room);

#endif
