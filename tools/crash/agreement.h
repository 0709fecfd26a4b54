/* Compares, in a quiet moment, what all devices saw with what the rooms say. */
#ifndef CRASH_AGREEMENT_H
#define CRASH_AGREEMENT_H

#include "people.h"

struct disagreement {
    uint32_t room;
    char one[VIEW_TEXT], other[VIEW_TEXT]; /* whose trace lines explain it; "": nobody's */
    char text[512];
};

/* Does the room show real addresses to everybody? Every second room does. */
static inline bool agreement_is_nonanonymous(uint32_t room)
{
    return room % 2 == 1;
}

/* Compares everything. The witness must be inside all rooms, and its queries answered. False: the
 * first disagreement is in `found`. */
bool agreement_check(struct people *people, struct disagreement *found);

/* Forgets what was checked. False: a private message did not arrive. */
bool agreement_settle(struct people *people);

#endif
