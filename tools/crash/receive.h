/* Handles what covend sends: records it in the model, and answers requests. */
#ifndef CRASH_RECEIVE_H
#define CRASH_RECEIVE_H

#include "run.h"

/* The link's stanza callback; `user` is the run. */
void receive_stanza(void *user, const struct wire_stanza *stanza);

#endif
