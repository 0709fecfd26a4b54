/* Checks all promises, each time the link is up again. */
#ifndef CRASH_AUDIT_H
#define CRASH_AUDIT_H

#include "run.h"

/*
 * Checks that each room has the state from before the change under way or from after it, that the
 * archives hold what was seen (with `whole`: from the beginning), that everybody sees who is
 * inside, and that dead sessions have left. Afterwards no change is under way, and the model holds
 * what was found. `took_ms_r`: milliseconds until all views were right. False: a promise is broken,
 * or the link is down.
 */
bool audit_all(struct run *run, bool whole, int64_t *took_ms_r);

/* Checks, when nothing is under way, that everybody saw the last message of each room it is in.
 * Messages before `first` are skipped: they were sent over an earlier link. */
bool audit_ends(struct run *run, uint32_t first);

#endif
