/* Kills covend or, in mode cut, cuts its link. */
#ifndef CRASH_KILL_H
#define CRASH_KILL_H

#include "run.h"

/* Draws the number of stanzas until the next kill or cut. */
void kill_arm(struct run *run);

/* Kills or cuts now. The link is down afterwards. */
void kill_now(struct run *run);

#endif
