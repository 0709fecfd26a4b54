/* The options of a room, those of the owner's form, as the settings of the service name them. */
#ifndef COVEN_ROOM_OPTION_H
#define COVEN_ROOM_OPTION_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"

struct service_limits;

#define ROOM_OPTIONS_MAX 32

/* The place in the form of the option with that short name, which is its variable without
 * muc#roomconfig_, muc# or {urn:coven:0}. -1: there is none. */
int room_option_find(struct span name);

/* Returns whether `text` can be the default of new rooms for the option at that place. Values are
 * written as in the form, those of a set as words. If not, writes a sentence that says why not. */
bool room_option_check(int place, const char *text, const struct service_limits *limits,
                       struct buf *why);

#endif
