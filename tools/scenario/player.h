/* Plays one script, from the first step to the sweep. */
#ifndef SCENARIO_PLAYER_H
#define SCENARIO_PLAYER_H

#include <stdbool.h>

#include "coven/buf.h"
#include "options.h"
#include "script.h"

/*
 * True if every step succeeded. Adds to `report` the failure, notes, and all traffic where the
 * options ask for it.
 */
bool player_run(const struct options *options, const struct script *script, struct buf *report);

#endif
