/* A new room that its owner does not configure unlocks itself after a while. */
#ifndef MUC_ROOM_UNLOCK_H
#define MUC_ROOM_UNLOCK_H

#include <stdbool.h>

struct service;

/* Unlocks the rooms whose time has come; one in the place of a destroyed room ends instead. False:
 * there are more of them. Called once a second. */
bool room_unlock_tick(struct service *service);

#endif
