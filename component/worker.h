/* The second thread: it runs the tasks of the rooms in order, and the upkeep of the store when
 * woken, on its own connection to the store. A store in memory has no second connection, and is
 * never slow: then the loop's thread does all of it between turns. */
#ifndef COVEN_WORKER_H
#define COVEN_WORKER_H

#include <stdbool.h>
#include <uv.h>

#include "coven/store.h"
#include "coven/task.h"

struct worker;

/* Called in the loop's thread when tasks were run: worker_take() has them. */
typedef void worker_ready(void *user);

/* `store` and `second`, the second connection or NULL, are borrowed until worker_free(). */
struct worker *worker_new(uv_loop_t *loop, struct store *store, struct store *second,
                          worker_ready *ready, void *user);

/* Owns the task until worker_take() returns it. Without a second thread it is run at once. */
void worker_give(struct worker *worker, struct task *task);

/* A task that was run, which the caller owns again; NULL: there is none now. */
struct task *worker_take(struct worker *worker);

/* Starts upkeep. To be called between turns, about once a second and when store_upkeep_is_due().
 * `busy`: the loop's thread needs the processor and the disk more, so only one step is done. */
void worker_wake(struct worker *worker, bool busy);

/* Ends the thread after its current step, and closes the handles of the loop. worker_take() returns
 * the remaining tasks, too, though they were not run. */
void worker_stop(struct worker *worker);

/* After worker_stop(), when the loop has run once more. */
void worker_free(struct worker *worker);

#endif
