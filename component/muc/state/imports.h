/*
 * Rooms that are imported. While a run of import-rooms receives one, the store has it as staged.
 * What is left of a room that did not become complete is deleted, and one that goes into another
 * room is moved there, in steps, also after a restart.
 */
#ifndef MUC_IMPORTS_H
#define MUC_IMPORTS_H

#include <stdbool.h>
#include <stdint.h>

struct service;
struct room;

#define IMPORTS_MAX 8 /* rooms received at once */

struct imports {
    int64_t receiving[IMPORTS_MAX]; /* ids of rooms */
    unsigned count;
    bool idle; /* the store has nothing else to be done */
};

/* Begins to receive a room. Returns its id; 0: too many are being received. */
int64_t imports_begin(struct service *service);

/* The room is complete, or will never be: then what is there of it is to be deleted. */
void imports_end(struct service *service, int64_t id);

/* Ends receiving: `messages` archived messages, the affiliations and the rest go to `target`, which
 * exists and is loaded. */
void imports_weave(struct service *service, int64_t id, struct room *target, int64_t messages);

bool imports_have_work(const struct service *service);
void imports_step(struct service *service);

#endif
