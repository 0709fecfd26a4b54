/* The daemon's connections to its store: one for the rooms, and one for each other thread. */
#ifndef COVEN_STORES_H
#define COVEN_STORES_H

#include <stdbool.h>

#include "config.h"
#include "coven/store.h"
#include "coven/task.h"

struct stores {
    struct store *first;
    struct store *further[TASK_KINDS]; /* NULL: the store is in memory */
};

/* False after a line in the log; what was opened is closed by stores_close() all the same. */
bool stores_open(struct stores *stores, const struct config *config);
void stores_close(struct stores *stores);

#endif
