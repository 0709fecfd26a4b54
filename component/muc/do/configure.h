/* A change of a room's configuration, and all that follows from it (XEP-0045, 10.2). */
#ifndef MUC_CONFIGURE_H
#define MUC_CONFIGURE_H

#include "muc/state/options.h"

struct room;

/*
 * Puts `config` (whose strings it takes) in force: who may not stay goes (322), who may see real
 * JIDs is settled anew, and occupants get one notice with all the status codes that apply (10.2.1).
 * The room may be gone afterwards.
 */
void configure_room(struct room *room, struct room_config *config);

#endif
