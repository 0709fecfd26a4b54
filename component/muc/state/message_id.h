/* Ids of messages (XEP-0359), as the archive knows them. */
#ifndef MUC_MESSAGE_ID_H
#define MUC_MESSAGE_ID_H

#include <stdbool.h>
#include <stdint.h>

struct service;

/* What names a message for ever: time and sequence, and chance so that nobody can guess it. */
struct message_id {
    int64_t key; /* never less than one before: see eras.h */
    uint64_t noise;
};

struct message_id message_id_next(struct service *service);

#define MESSAGE_ID_SIZE 33 /* 32 hexadecimal digits and a NUL */

void message_id_print(struct message_id id, char out[MESSAGE_ID_SIZE]);

/* False, and `*id_r` untouched, when it is no id of that form. */
bool message_id_parse(const char *text, struct message_id *id_r);

#endif
