/*
 * The rush after an outage. Each person is in several rooms when the server is killed and started
 * again; all of them come back within seconds and join every room again, as clients do. Measures
 * how long they wait for an answer.
 */
#ifndef CRASH_RUSH_H
#define CRASH_RUSH_H

#include "options.h"

/* Returns the exit status. */
int rush_run(const struct options *options);

#endif
