/* What the rooms are, asked for over the wire by their owners. */
#ifndef CRASH_SURVEY_H
#define CRASH_SURVEY_H

#include "run.h"
#include "tree.h"

/* Fills each room's `found`. */
bool survey_rooms(struct run *run);

/* For hear.c. */
void survey_answer(struct run *run, struct question *question, const xmlNode *iq, bool error);

#endif
