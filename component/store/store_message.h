/* What the other files of the store share with store_message.c. */
#ifndef STORE_MESSAGE_H
#define STORE_MESSAGE_H

#include "statement.h"

/* A row reader for the columns that every statement about messages selects. */
row_reader store_message_read;

/* The numbers of a room's oldest and newest archived messages; 0: there are none. */
struct bounds {
    int64_t first, last;
};
enum store_result store_message_bounds(struct store *store, int64_t room, struct bounds *bounds_r);

#endif
