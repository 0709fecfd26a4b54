/*
 * The end of rooms that nobody is in. A temporary room ends when its last occupant leaves
 * (XEP-0045, 10.9). If its occupants were lost with a server that died, the room waits for them for
 * a while: they come back to the room that they know, with its owners and bans, and nobody else
 * takes its name meanwhile.
 */
#ifndef MUC_ROOM_END_H
#define MUC_ROOM_END_H

#include <stdbool.h>

struct room;
struct service;

/* An occupant has left. The room is gone afterwards if it is empty and not to stay. */
void room_end_if_empty(struct room *room);

/* The same for an occupant who was lost, but a temporary room waits. */
void room_end_lost(struct room *room);

/* Ends the waiting rooms to which nobody came back in time. False: there are more of them. Called
 * once a second. */
bool room_end_tick(struct service *service);

/* Ends all waiting rooms. */
void room_end_all(struct service *service);

#endif
