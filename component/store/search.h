/*
 * What messages are found by beside their room and time: who said them, and their words. That is a
 * file of its own, attached to the second connection and fed behind the turns.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store_private.h"

/* Attaches it, new if need be. NULL, or what is wrong. */
const char *search_open(struct store *store);

/* Enters some more messages. STORE_NOTHING: all of them were. */
enum store_result search_step(struct store *store);

/* A range with somebody's address, nick, or words; what was said just now is entered first. */
enum store_result search_messages(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user);

/* The message is going to be deleted. */
enum store_result search_forget(struct store *store, const struct store_message *message);

/* No message of this room is left. */
enum store_result search_forget_room(struct store *store, int64_t room);

#endif
