/*
 * Who said what of late. What somebody said who is thrown out need not come to everybody: what is
 * still on its way is thrown away with him.
 */
#ifndef CRASH_WORDS_H
#define CRASH_WORDS_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "world.h"

/* What `stay` says in an archive: the message need not have come. */
#define WORDS_CUT     2

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

/* Is that what the muc#user element of an unavailable presence says? */
bool words_are_cut(const xmlNode *x);

/* Marks those messages in an archive. */
void words_mark(const struct words *words, struct said_list *archive);

void words_free(struct words *words);

#endif
