/* What people do in rooms. */
#ifndef CRASH_ACTION_H
#define CRASH_ACTION_H

#include "people.h"

/* A random device does something random that is possible. */
void action_do(struct people *people);

/* Every device joins some of the rooms. */
void action_enter_some(struct people *people);

/* Sends a groupchat message with these child elements. Returns its number. */
uint32_t action_say(struct device *device, uint32_t room, const char *children);

#endif
