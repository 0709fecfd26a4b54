/* Options of a room, for commands. */
#ifndef MUC_COMMAND_OPTIONS_COMMAND_H
#define MUC_COMMAND_OPTIONS_COMMAND_H

#include "muc/state/options.h"
#include "running.h"

/* The options that have a value, as NAME=VALUE, without passwords. The caller owns the array. */
json_t *options_command_list(const struct room_config *config);

/* Submits the room's form with an array of OPTION=VALUE, all or none of them, which also unlocks
 * the room. */
enum run_next options_apply(struct run *run, const json_t *settings, bool persistent);

#endif
