/*
 * Messages that may be missing: when somebody is thrown out of a room, covend drops what he said
 * shortly before and has not delivered yet.
 */
#ifndef CRASH_EXCUSED_H
#define CRASH_EXCUSED_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "said.h"

/* The `stay` of an archived message that may be missing. */
#define EXCUSED            2

#define EXCUSED_RECENT_MAX 4096
#define EXCUSED_RECENT_MS  20000

struct excused {
    struct sent_message {
        uint32_t number, device, room;
        int64_t ms;
    } recent[EXCUSED_RECENT_MAX]; /* a ring */
    uint32_t next;
    uint32_t *numbers, count, size; /* of messages that may be missing */
};

/* Remembers a message that the device sends to the room. */
void excused_note_sent(struct excused *excused, uint32_t number, uint32_t device, uint32_t room);

/* The device was thrown out of the room: excuses its recent messages. */
void excused_remove_sender(struct excused *excused, uint32_t device, uint32_t room);

/* Does the muc#user element of an unavailable presence say that somebody was thrown out? */
bool excused_is_removal(const xmlNode *x);

/* Marks the excused messages in an archive. */
void excused_mark(const struct excused *excused, struct said_list *archive);

void excused_free(struct excused *excused);

#endif
