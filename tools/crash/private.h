/*
 * Private messages that are under way. Each has to arrive once at each session of the addressee,
 * and nowhere else. A message is excused (it may arrive, but need not) where nobody can know who
 * has to get it.
 */
#ifndef CRASH_PRIVATE_H
#define CRASH_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/buf.h"

struct private_message {
    uint32_t number, room;
    uint32_t from; /* device */
    uint32_t to;   /* person */
    uint64_t due;  /* the person's devices (bits) that have to get it */
    uint64_t got;
    char refused[32]; /* condition of the error that came back; "": none */
};

struct private_messages {
    struct private_message *list;
    size_t count, size;
    uint64_t heard; /* messages received, since the beginning */
};

void private_free(struct private_messages *messages);

void private_send(struct private_messages *messages, const struct private_message *message);

/* The person's device received the message. `again`: a copy more is right, because a session of the
 * person has ended and the server gives its messages to the others. False: it should not have
 * received it, with one line of `why`. */
bool private_receive(struct private_messages *messages, uint32_t number, uint32_t person,
                     uint32_t device, bool again, struct buf *why);

/* The message came back to its sender as an error. */
void private_refuse(struct private_messages *messages, uint32_t number, const char *condition);

/* Excuses what is under way to that device of the person, in that room. */
void private_excuse(struct private_messages *messages, uint32_t room, uint32_t person,
                    uint32_t device);
/* Excuses what that device sent there: the room drops it when the sender is thrown out. */
void private_excuse_sender(struct private_messages *messages, uint32_t room, uint32_t from);
void private_excuse_all(struct private_messages *messages);

/* Checks, when all is quiet, that everything due has arrived, and forgets it. False: something has
 * not, with its room and one line of `why`. */
bool private_settle(struct private_messages *messages, uint32_t *room_r, struct buf *why);

#endif
