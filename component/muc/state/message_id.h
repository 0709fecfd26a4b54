/* The id of a message, sent as its stanza-id (XEP-0359) and used by the archive. A message that was
 * imported keeps the id that it had before: its alias. */
#ifndef MUC_MESSAGE_ID_H
#define MUC_MESSAGE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/store.h"

struct room;
struct service;

/* Identifies a message for ever: a key of time and sequence, and random bits so that nobody can
 * guess the id. Zeros are no id. */
struct message_id {
    int64_t key; /* greater than all keys before: see eras.h */
    uint64_t noise;
};

struct message_id message_id_next(struct service *service);

/* The unguessable half of a new id. */
uint64_t message_id_noise(struct service *service);

#define MESSAGE_ID_SIZE 33 /* 32 hexadecimal digits and a NUL */

void message_id_print(struct message_id id, char out[MESSAGE_ID_SIZE]);

/* Returns false, and leaves `*id_r` alone, if the text is not an id of that form. */
bool message_id_parse(const char *text, struct message_id *id_r);

#define MESSAGE_ALIAS_MAX 255 /* bytes */
#define MESSAGE_NAME_SIZE (MESSAGE_ALIAS_MAX + 1)

/* Prints the id by which others know a stored message. */
void message_id_name(const struct store_message *message, char out[MESSAGE_NAME_SIZE]);

/* Reads the id by which others know a message of the room, which need not exist any more.
 * STORE_NOTHING: the text is no id. */
enum store_result message_id_find(const struct room *room, const char *text,
                                  struct message_id *id_r);

#endif
