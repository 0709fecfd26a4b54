/* Messages that were seen, or that stand in an archive, in their order. */
#ifndef CRASH_SAID_H
#define CRASH_SAID_H

#include <stddef.h>
#include <stdint.h>

#define MESSAGE_ID_LEN 32

struct said {
    char id[MESSAGE_ID_LEN + 1]; /* that the room assigned */
    uint32_t number;             /* that the sender assigned */
    uint32_t stay;               /* during one stay a session misses nothing */
};

struct said_list {
    struct said *items;
    size_t count, size;
};

/* Appends an entry, which the caller fills. */
struct said *said_add(struct said_list *list);
void said_free(struct said_list *list);

#endif
