/*
 * The index for searches by author, nick and words: a file of its own, attached to the second
 * connection, which fills it between other work. A store in memory has it on its only connection.
 */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store_private.h"

/* Attaches the search file; creates or rebuilds it if need be. NULL on success, otherwise one line
 * for the operator. */
const char *search_open(struct store *store);

/* Indexes some more messages. STORE_NOTHING: none are left. */
enum store_result search_step(struct store *store);

/* store_messages() for a range with an author, a nick or words. Indexes all messages first. */
enum store_result search_messages(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user);

/* Removes from the index a message that will be deleted. */
enum store_result search_forget(struct store *store, const struct store_message *message);

/* Removes the authors and nicks of a room that has no messages any more. */
enum store_result search_forget_room(struct store *store, int64_t room);

#endif
