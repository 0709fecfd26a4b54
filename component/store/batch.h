/* Messages that one statement inserts together. SQLite opens and closes its tables for every
 * statement, a third of the cost of a message. Waiting messages are inserted before any other
 * statement is bound and before the commit, so callers only notice that an error comes later. */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "coven/buf.h"
#include "coven/store.h"

#define BATCH_ROWS 32 /* maximum number of waiting messages */

struct store;

struct batch {
    struct store_message rows[BATCH_ROWS];
    struct buf bytes; /* the texts of the rows, one after the other */
    unsigned count;
    bool failed; /* an insert failed after batch_add() returned STORE_OK: only a rollback helps */
};

/* Aborts if an insert statement does not take the number of rows that it is used for. */
void batch_check(const struct store *store);

/* Copies the message; inserts all that wait when there are BATCH_ROWS. */
enum store_result batch_add(struct store *store, const struct store_message *message);

/* Inserts the waiting messages. */
enum store_result batch_enter(struct store *store);

/* Forgets the waiting messages, and any failure. */
void batch_drop(struct batch *batch);

#endif
