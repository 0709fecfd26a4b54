/* Compares the archives of the rooms (XEP-0313) with what was seen. */
#ifndef CRASH_ARCHIVE_H
#define CRASH_ARCHIVE_H

#include "run.h"
#include "tree.h"

/*
 * Reads what is new in the archives of all rooms (with `whole`: everything) and checks that nothing
 * known is missing or changed, that nothing stands there twice or out of order, and that everybody
 * saw the messages without a gap. False: a promise is broken, or the link is down.
 */
bool archive_audit(struct run *run, bool whole);

/* Handle a message of an archive, and the end of a page; called by receive.c. */
void archive_take(struct run *run, struct model_room *room, const xmlNode *result);
void archive_answer(struct run *run, struct query *query, const xmlNode *iq);

#endif
