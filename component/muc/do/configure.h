/* A change of a room's configuration, and all that follows from it (XEP-0045, 10.2). */
#ifndef MUC_CONFIGURE_H
#define MUC_CONFIGURE_H

#include "muc/state/options.h"

struct room;

/*
 * Puts `config`, whose strings it takes over, in force. Occupants who must not stay leave (322), it
 * is settled again who may see real JIDs, and occupants get one notice with all status codes that
 * apply (10.2.1). The room may be gone afterwards.
 */
void configure_room(struct room *room, struct room_config *config);

#endif
