/*
 * A temporary room ends when the last one leaves (XEP-0045, 10.9). If its people did not leave, but
 * were lost, with a server that died, it stays for a while, so that they come back to the room that
 * they know, with its owners and its bans, and nobody else takes its name meanwhile.
 */
#ifndef MUC_REAP_H
#define MUC_REAP_H

#include <stdbool.h>

struct room;
struct service;

/* The last one in it was lost. It may be gone. */
void reap_lost(struct room *room);

/* A room that was read from the store, and is a temporary one that nobody is in, was left so. */
void vacant_find(struct room *room);

/* Somebody enters, or the room is gone. */
void vacant_end(struct room *room);

/* Ends all of them. */
void reap_all(struct service *service);

/* Ends those to which nobody came back. False: there are more. */
bool reap_tick(struct service *service);

#endif
