/* The id of a message, sent as its stanza-id (XEP-0359) and used by the archive. */
#ifndef MUC_MESSAGE_ID_H
#define MUC_MESSAGE_ID_H

#include <stdbool.h>
#include <stdint.h>

struct service;

/* Identifies a message for ever: a key of time and sequence, and random bits so that nobody can
 * guess the id. Zeros are no id. */
struct message_id {
    int64_t key; /* greater than all keys before: see eras.h */
    uint64_t noise;
};

struct message_id message_id_next(struct service *service);

#define MESSAGE_ID_SIZE 33 /* 32 hexadecimal digits and a NUL */

void message_id_print(struct message_id id, char out[MESSAGE_ID_SIZE]);

/* Returns false, and leaves `*id_r` alone, if the text is not an id of that form. */
bool message_id_parse(const char *text, struct message_id *id_r);

#endif
