/* Finds a room, in memory or in the store. A large room is read in steps, so that no turn takes
 * long. */
#ifndef MUC_ROOM_LOAD_H
#define MUC_ROOM_LOAD_H

#include "room.h"

/* Loads the whole room of that name, which takes long for a large one. STORE_NOTHING: the room does
 * not exist. STORE_FAILED: no part of it is in memory. */
enum store_result room_load(struct service *service, struct span node, struct room **room_r);

/* The same, but loads only the beginning of a large room, which is ROOM_LOADING then. */
enum store_result room_load_begin(struct service *service, struct span node, struct room **room_r);

bool room_load_is_under_way(const struct service *service, struct span node);

/* Takes a step of loading one room; the rooms take turns. */
void room_load_some(struct service *service);

/* Stops loading the room, if it is being loaded. */
void room_load_end(struct room *room);

#endif
