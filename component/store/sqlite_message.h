/* The part of the SQLite backend that keeps messages: see store.h for each of these. */
#ifndef STORE_SQLITE_MESSAGE_H
#define STORE_SQLITE_MESSAGE_H

#include "coven/store.h"

enum store_result sqlite_message_add(struct store *store, const struct store_message *message);
enum store_result sqlite_messages_last(struct store *store, int64_t room, int64_t after_key,
                                       unsigned limit, store_message_each *each, void *user);
enum store_result sqlite_message_get(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                     store_message_each *each, void *user);
enum store_result sqlite_message_replace(struct store *store, const struct store_message *message);
enum store_result sqlite_messages(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user);
enum store_result sqlite_message_key(struct store *store, int64_t room, int64_t number,
                                     int64_t *key_r);
enum store_result sqlite_messages_trim(struct store *store, int64_t room, unsigned keep);
enum store_result sqlite_tidy(struct store *store, const struct store_keeping *keeping,
                              unsigned limit);

#endif
