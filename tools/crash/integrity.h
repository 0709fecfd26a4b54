/* Is what is left of the store after a crash a sound database? */
#ifndef CRASH_INTEGRITY_H
#define CRASH_INTEGRITY_H

#include <stdbool.h>

#include "coven/buf.h"

/* Looks at a copy of FOLDER/data/coven.db and its log, so that covend finds them as they were left.
 * True too when there is no store yet. False: `why`. */
bool integrity_check(const char *folder, struct buf *why);

#endif
