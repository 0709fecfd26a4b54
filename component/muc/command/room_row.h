/* What lists and cards tell of a room. What cannot be read is missing, and `select->failed`. */
#ifndef MUC_COMMAND_ROOM_ROW_H
#define MUC_COMMAND_ROOM_ROW_H

#include "select.h"

/* A row of a list; the caller owns it. */
json_t *room_row(const struct selected *room, const char *domain, struct select *select,
                 struct store *store);

/* The words for what kind of room it is. */
json_t *room_row_state(const struct selected *room);

/* The owners or the admins, the first SELECT_OWNERS_MAX. */
json_t *room_row_affiliated(const struct selected *room, enum affiliation affiliation,
                            struct select *select, struct store *store);

#endif
