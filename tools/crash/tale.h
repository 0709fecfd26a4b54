/* The last that happened in each room, to be told when something was wrong there. */
#ifndef CRASH_TALE_H
#define CRASH_TALE_H

#include <stdint.h>
#include <stdio.h>

#include "coven/buf.h"

struct tale {
    char (*lines)[160]; /* a ring */
    size_t next;
};

struct tales {
    struct tale *list; /* of each room */
    uint32_t rooms;
    int64_t began_ms;
};

#define TALE_EVERYWHERE UINT32_MAX

void tales_init(struct tales *tales, uint32_t rooms);
void tales_free(struct tales *tales);

/* One line about the room, or about all of them. */
void tale_add(struct tales *tales, uint32_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The last lines of the room; those that speak of neither text (NULL: of anybody) are left out. */
void tale_print(const struct tales *tales, uint32_t room, const char *one, const char *other,
                FILE *file);

#endif
