/* The steps of all commands, by file. See running.h. */
#ifndef MUC_COMMAND_HANDLERS_H
#define MUC_COMMAND_HANDLERS_H

#include "running.h"

/* Takes one step, of some milliseconds at most, in a turn. The first one finds `state` NULL. */
typedef enum run_next run_stepper(struct run *run);

struct run_handler {
    run_stepper *step;
    void (*free)(void *state); /* NULL: free() does */
};

/* By command. */
extern const struct run_handler run_handlers[COMMAND_COUNT];

run_stepper item_affiliation, item_kick, item_role;

#endif
