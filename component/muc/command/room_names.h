/* Names of rooms by their ids, for lists of messages. For one thread at a time. */
#ifndef MUC_COMMAND_ROOM_NAMES_H
#define MUC_COMMAND_ROOM_NAMES_H

#include <stdint.h>

#include "coven/store.h"

/* Begins zeroed. Remembers the last one. */
struct room_names {
    int64_t id;
    char *name; /* "": the room is gone */
};

/* Returns the name, which lives until the next call; "": the room is gone. NULL: it cannot be read.
 */
const char *room_names_find(struct room_names *names, struct store *store, int64_t id);
void room_names_free(struct room_names *names);

#endif
