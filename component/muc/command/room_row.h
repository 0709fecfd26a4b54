/* What lists and cards tell of a room. */
#ifndef MUC_COMMAND_ROOM_ROW_H
#define MUC_COMMAND_ROOM_ROW_H

#include "select.h"

/* A row of a list; the caller owns it. */
json_t *room_row(const struct selected *room, const char *domain, struct store *store);

/* The words for what kind of room it is. */
json_t *room_row_state(const struct selected *room);

/* The bare JIDs with that affiliation, the first SELECT_OWNERS_MAX, and how many there are more. */
json_t *room_row_affiliated(struct store *store, int64_t room, enum affiliation affiliation);

#endif
