/*
 * Finding a room: in memory, or in the store. A large room is read in steps, so that no turn is
 * long.
 */
#ifndef MUC_ROOM_LOAD_H
#define MUC_ROOM_LOAD_H

#include "room.h"

/*
 * The whole room of that name; reading a large one from the store takes long. STORE_NOTHING: there
 * is no such room. STORE_FAILED: none of it is in memory.
 */
enum store_result room_load(struct service *service, struct span node, struct room **room_r);

/* The same, but of a large room only the beginning: it is ROOM_LOADING then. */
enum store_result room_load_begin(struct service *service, struct span node, struct room **room_r);

bool room_load_is_under_way(const struct service *service, struct span node);

/* Takes one more step with one of the rooms that are being loaded. */
void room_load_some(struct service *service);

/* Forgets how far loading is, if the room is being loaded. */
void room_load_end(struct room *room);

#endif
