/* A new room that its owner does not configure unlocks itself after a while. */
#ifndef MUC_ROOM_UNLOCK_H
#define MUC_ROOM_UNLOCK_H

#include <stdbool.h>

struct service;

/* Unlocks the rooms whose time has come. False: there are more of them. Once a second. */
bool room_unlock_tick(struct service *service);

#endif
