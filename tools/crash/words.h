/*
 * Who said what of late. What somebody said who is thrown out need not come to everybody: what is
 * still on its way is thrown away with him.
 */
#ifndef CRASH_WORDS_H
#define CRASH_WORDS_H

#include <stdint.h>

#include "world.h"

#define WORDS_MAX     4096
#define WORDS_LATE_MS 20000

struct words {
    struct word {
        uint32_t number, device, room;
        int64_t ms;
    } late[WORDS_MAX]; /* a ring */
    uint32_t next;
    uint32_t *cut, cut_count, cut_size; /* numbers of messages that need not come */
};

void words_say(struct words *words, uint32_t number, uint32_t device, uint32_t room);

/* The device is thrown out of the room. */
void words_cut(struct words *words, uint32_t device, uint32_t room);

/* Marks those messages in an archive (VIEW_CUT). */
void words_mark(const struct words *words, struct said_list *archive);

void words_free(struct words *words);

#endif
