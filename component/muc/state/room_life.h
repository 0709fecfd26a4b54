/* Creates rooms, destroys them, and unloads them at the end of a turn. Nobody is told here. */
#ifndef MUC_ROOM_LIFE_H
#define MUC_ROOM_LIFE_H

#include "room.h"

/* Creates a locked room with its first owner, in memory and store. `lang` is the creator's
 * language; if it is no tag, the room has none. */
struct room *room_life_create(struct service *service, struct span node, struct span creator,
                              struct span lang);

/* Deletes the room from memory and store. */
void room_life_destroy(struct room *room);

/* Gives the room another name, which is free. Its occupants have left it; so what memory holds of
 * it is freed when the turn ends, and `*renamed_r` is the beginning of it loaded anew.
 * STORE_FAILED: the turn must be dropped. */
enum store_result room_life_rename(struct room *room, struct span node, struct room **renamed_r);

/* Ends the turn for the room: it is freed if it is gone, or if it changed and the turn is dropped
 * (`forget`). An empty room becomes idle and stays in memory; if there are too many of these, the
 * one that has been idle longest is freed. */
void room_life_settle(struct room *room, bool forget);

/* Frees the room's memory; the store is not changed. */
void room_life_free(struct room *room);

#endif
