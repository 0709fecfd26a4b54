/* Is the store that a killed covend left behind a sound database? */
#ifndef CRASH_INTEGRITY_H
#define CRASH_INTEGRITY_H

#include <stdbool.h>

#include "coven/buf.h"

/* Checks a copy of FOLDER/data/coven.db and its log, so that covend finds the originals untouched.
 * True also when there is no store yet. False: one line of `why`. */
bool integrity_check(const char *folder, struct buf *why);

#endif
