/* A quiet moment: nobody does anything, and everybody's view is compared with everybody else's. */
#ifndef CRASH_QUIET_H
#define CRASH_QUIET_H

#include <libxml/tree.h>

#include "people.h"

#define QUIET_NICK "witness"

/* The witness makes the rooms, and gives some people a rank there. */
bool quiet_open_rooms(struct people *people);

/* Waits until nothing moves any more, and looks; `whole`: at the archives from their beginnings. */
bool quiet_look(struct people *people, bool whole);

/* The witness is answered; for device_hear.c. `room`: the number of rooms when it is not of one. */
void quiet_answer(struct people *people, const char *id, uint32_t room, const xmlNode *iq,
                  bool error);

#endif
