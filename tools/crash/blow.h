/* What happens to covend, and to its server, while people go on. */
#ifndef CRASH_BLOW_H
#define CRASH_BLOW_H

#include "people.h"

/* Draws the moments of all blows, from now until then. */
void blow_plan(struct people *people, int64_t until_ms);

/* Strikes, if it is time: covend is killed, or ended; or the server is made to crash. */
void blow_if_due(struct people *people);

/* Starts covend again when it has been away for as long as chance wanted. */
void blow_tick(struct people *people);

#endif
