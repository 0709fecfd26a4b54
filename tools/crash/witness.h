/* The witness: owner of all rooms, who joins them in quiet moments and asks for everything. */
#ifndef CRASH_WITNESS_H
#define CRASH_WITNESS_H

#include <libxml/tree.h>

#include "people.h"

#define WITNESS_NICK "witness"

/* Creates and configures the rooms, and gives some people a rank there. */
bool witness_open_rooms(struct people *people);

/* Waits until all is quiet, then compares everything (with `whole`: the archives from their
 * beginnings). False: there is a failure. */
bool witness_check(struct people *people, bool whole);

/* Handles an answer to the witness; called by device_receive.c. `room` is people->room_count when
 * the answer is not from a room. */
void witness_answer(struct people *people, const char *id, uint32_t room, const xmlNode *iq,
                    bool error);

#endif
