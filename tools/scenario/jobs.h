/*
 * Plays the open trials, one process for each script, and at most as many at once as the options
 * say. Each process has a host of its own.
 */
#ifndef SCENARIO_JOBS_H
#define SCENARIO_JOBS_H

#include "options.h"
#include "trial.h"

/* Calls `done` for each trial, in order, once it and all before it have a verdict. */
void jobs_run(struct trials *trials, const struct options *options,
              void (*done)(int number, const struct trial *trial));

#endif
