/* Do all agree, in a quiet moment, with each other and with what the room says? */
#ifndef CRASH_AGREE_H
#define CRASH_AGREE_H

#include "people.h"

struct disagreement {
    uint32_t room;
    char one[VIEW_TEXT], other[VIEW_TEXT]; /* of whom to tell more; "": of nobody else */
    char text[512];
};

/* Does the room show to everybody who people are? */
static inline bool agree_shows_real(uint32_t room)
{
    return room % 2 == 1;
}

/* The witness is inside all rooms, and has been answered. False: the first disagreement. */
bool agree_all(struct people *people, struct disagreement *found);

/* They do: what was seen has been looked at. False when a private message did not come. */
bool agree_settle(struct people *people);

#endif
