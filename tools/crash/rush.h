/*
 * The rush after an outage: people who are in some rooms each, on a server that is killed and
 * started again. All of them come back within moments, as their clients do it, and enter every room
 * again; how long do they wait for an answer?
 */
#ifndef CRASH_RUSH_H
#define CRASH_RUSH_H

#include "options.h"

/* What main() returns. */
int rush_run(const struct options *options);

#endif
