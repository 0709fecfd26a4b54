/* What the rooms' archives say (XEP-0313), asked for over the wire, against what was seen. */
#ifndef CRASH_ARCHIVE_H
#define CRASH_ARCHIVE_H

#include "run.h"
#include "tree.h"

/*
 * Asks all rooms that there are for what is new in their archives, or for everything from the
 * beginning, and compares: nothing that was there before is missing or different, nothing is there
 * twice or out of order, and everybody saw what stands there, without a gap.
 */
bool archive_audit(struct run *run, bool whole);

/* For hear.c. */
void archive_take(struct run *run, struct room *room, const xmlNode *result);
void archive_answer(struct run *run, struct question *question, const xmlNode *iq);

#endif
