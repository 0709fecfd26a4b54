/* A change of a room's configuration, and all that follows from it (XEP-0045, 10.2). */
#ifndef MUC_CONFIGURE_H
#define MUC_CONFIGURE_H

#include "muc/state/options.h"

struct room;

/* Applies `config`, and takes over its strings. Occupants who must not stay leave (322), the right
 * to see real JIDs is settled again, and occupants get one notice with all status codes that apply
 * (10.2.1). The room may be gone afterwards. */
void configure_room(struct room *room, struct room_config *config);

#endif
