/* Were all promises kept? Looked at each time the link is up again. */
#ifndef CRASH_AUDIT_H
#define CRASH_AUDIT_H

#include "run.h"

/*
 * The rooms are what they were, or what the change under way was to make of them; the archives have
 * what was seen (all of it from the beginning, with `whole`); everybody sees who is inside; the
 * dead have left. Afterwards nothing is under way, and the world goes on from what was found.
 * `took_ms_r` is how long it took until everybody saw who is inside.
 */
bool audit_all(struct run *run, bool whole, int64_t *took_ms_r);

/* Nothing is under way and everything has come: everybody saw the last message of the rooms it is
 * in. Those before `first` are older than the link, which may have swallowed them. */
bool audit_ends(struct run *run, uint32_t first);

#endif
