/* The daemon's connections to its store: one for the rooms, one for each other thread. */
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

/* Opens all connections. False after logging why not; stores_close() is needed in either case. */
bool stores_open(struct stores *stores, const struct config *config);
void stores_close(struct stores *stores);

#endif
