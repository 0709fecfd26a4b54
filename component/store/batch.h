/*
 * Messages on their way into the store. For every statement SQLite opens and closes the tables
 * anew, a third of what a message costs it; so some messages are entered by one. Those that wait
 * are entered before any other statement is bound, and before the commit; all that anybody sees is
 * that what cannot be entered is refused later.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "coven/buf.h"
#include "coven/store.h"

#define BATCH_ROWS 32 /* that wait, at most */

struct store;

struct batch {
    struct store_message rows[BATCH_ROWS];
    struct buf bytes; /* what the rows say, one text after the other */
    unsigned count;
    bool failed; /* what was promised could not be kept: the turn must be rolled back */
};

/* Aborts if a statement takes another number of rows than it is used for. */
void batch_check(const struct store *store);

/* Copies the message. */
enum store_result batch_add(struct store *store, const struct store_message *message);

enum store_result batch_enter(struct store *store);

/* Forgets what waits, and that anything failed. */
void batch_drop(struct batch *batch);

#endif
