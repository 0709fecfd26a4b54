/* What comes from covend: into the ledger, and answered where an answer is due. */
#ifndef CRASH_HEAR_H
#define CRASH_HEAR_H

#include "run.h"

/* A line's stanza(); `user` is the run. */
void hear_stanza(void *user, const struct wire_stanza *stanza);

#endif
