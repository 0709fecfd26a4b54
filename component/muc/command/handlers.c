#include "handlers.h"

const struct run_handler run_handlers[COMMAND_COUNT] = {
    [COMMAND_AFFILIATION] = {item_affiliation, NULL},
    [COMMAND_KICK] = {item_kick, NULL},
    [COMMAND_ROLE] = {item_role, NULL},
};
