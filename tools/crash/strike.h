/* What happens to covend, or to the link: a kill, or a cut. */
#ifndef CRASH_STRIKE_H
#define CRASH_STRIKE_H

#include "run.h"

/* Draws how many stanzas it is until the next. */
void strike_arm(struct run *run);

/* It is due: strikes. Afterwards the link is down. */
void strike_now(struct run *run);

#endif
