/*
 * Plays what is still open: one process for each script, at most as many at once as the options
 * say, each of which owns a host of its own until it ends.
 */
#ifndef SCENARIO_JOBS_H
#define SCENARIO_JOBS_H

#include "options.h"
#include "trial.h"

/* `done` is called for all trials, in their order, as soon as each and all before it are judged. */
void jobs_run(struct trials *trials, const struct options *options,
              void (*done)(int number, const struct trial *trial));

#endif
