/* The part of the SQLite backend that keeps messages: see store.h for each of these. */
#ifndef STORE_SQLITE_MESSAGE_H
#define STORE_SQLITE_MESSAGE_H

#include "coven/store.h"
#include "sqlite_statement.h"

enum store_result sqlite_message_add(struct store *store, const struct store_message *message);
enum store_result sqlite_messages_last(struct store *store, int64_t room,
                                       const struct key_range *keys, unsigned limit,
                                       store_message_each *each, void *user);
enum store_result sqlite_message_get(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                     store_message_each *each, void *user);
enum store_result sqlite_message_replace(struct store *store, const struct store_message *message);
enum store_result sqlite_messages(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user);
enum store_result sqlite_message_key(struct store *store, int64_t room, int64_t number,
                                     int64_t *key_r);
enum store_result sqlite_messages_trim(struct store *store, int64_t room, unsigned keep);
enum store_result sqlite_message_number(struct store *store, int64_t room, int64_t *number_r);

/* A row reader for a message; of the columns that all statements about messages have. */
row_reader sqlite_message_read;

/* The numbers of the room's oldest and newest archived messages; 0 when there are none. */
struct bounds {
    int64_t first, last;
};
enum store_result sqlite_message_bounds(struct sqlite_store *self, int64_t room,
                                        struct bounds *bounds_r);

#endif
