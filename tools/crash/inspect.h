/* Finds out the state of all rooms over the wire, by queries of their owners. */
#ifndef CRASH_INSPECT_H
#define CRASH_INSPECT_H

#include "run.h"
#include "tree.h"

/* Sets each room's `found`. False: the run is over. */
bool inspect_rooms(struct run *run);

/* Handles an answer; called by receive.c. */
void inspect_answer(struct run *run, struct query *query, const xmlNode *iq, bool error);

#endif
