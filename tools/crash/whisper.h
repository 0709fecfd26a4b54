/*
 * Private messages that are on their way: each comes once to each session of the addressee, and to
 * nobody else. Where what happens meanwhile lets nobody know who has to get it, it is excused: then
 * it may come, but need not.
 */
#ifndef CRASH_WHISPER_H
#define CRASH_WHISPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/buf.h"

struct whisper {
    uint32_t number, room;
    uint32_t from; /* the device that sent it */
    uint32_t to;   /* the person */
    uint64_t due;  /* the person's devices (bits) that have to get it */
    uint64_t got;
    char refused[32]; /* the condition; "": it was not */
};

struct whispers {
    struct whisper *list;
    size_t count, size;
    uint64_t heard; /* all there were */
};

void whispers_free(struct whispers *whispers);

void whisper_send(struct whispers *whispers, const struct whisper *whisper);

/* The person's device got it; false, and one line of `why`: it should not have. It may come `again`
 * when a session of the person's has ended, whose copies the server gives to the others. */
bool whisper_hear(struct whispers *whispers, uint32_t number, uint32_t person, uint32_t device,
                  bool again, struct buf *why);

/* It came back to its sender. */
void whisper_refuse(struct whispers *whispers, uint32_t number, const char *condition);

/* What is on its way to that device of the person, in that room, need not come any more. */
void whispers_excuse(struct whispers *whispers, uint32_t room, uint32_t person, uint32_t device);
/* Nor what that device sent there: the room may have thrown it away with its sender. */
void whispers_excuse_sender(struct whispers *whispers, uint32_t room, uint32_t from);
void whispers_excuse_all(struct whispers *whispers);

/* All is quiet: everything has come, and is forgotten. False, and one line of `why`: in that room
 * it has not. */
bool whispers_settle(struct whispers *whispers, uint32_t *room_r, struct buf *why);

#endif
