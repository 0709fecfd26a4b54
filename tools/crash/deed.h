/* What people do in rooms. */
#ifndef CRASH_DEED_H
#define CRASH_DEED_H

#include "people.h"

/* Somebody does something, as chance wants it, if that is possible. */
void deed_do(struct people *people);

/* Everybody enters some of the rooms. */
void deed_enter_some(struct people *people);

/* Says something to all, and returns the number of the message. */
uint32_t deed_say(struct device *device, uint32_t room, const char *children);

#endif
