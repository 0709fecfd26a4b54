/*
 * A thread beside the loop's: it runs tasks of the rooms one after the other, and, if it is woken
 * for that, keeps up what the store wants done behind the turns. It has a connection to the store
 * of its own; without one (a store in memory is never slow) all of it is done at once, between two
 * turns.
 */
#ifndef COVEN_WORKER_H
#define COVEN_WORKER_H

#include <stdbool.h>
#include <uv.h>

#include "coven/store.h"
#include "coven/task.h"

struct worker;

/* There are tasks that were run: worker_take(). In the loop's thread. */
typedef void worker_ready(void *user);

/* `second` NULL: everything is done with `store`. Both are borrowed until worker_free(). */
struct worker *worker_new(uv_loop_t *loop, struct store *store, struct store *second,
                          worker_ready *ready, void *user);

/* Takes an task over, to be run. */
void worker_give(struct worker *worker, struct task *task);

/* One that was run, and is the caller's again; NULL: none now. */
struct task *worker_take(struct worker *worker);

/*
 * The store may want something done. Between two turns: each second or so, and when it is due
 * (store_upkeep_is_due()). `busy`: the first thread
 * needs the processor and the disk more, so a single step has to do until the next time.
 */
void worker_wake(struct worker *worker, bool busy);

/* Ends the thread, when it has done what it is at; handles of the loop are closed. What was not run
 * can still be taken. */
void worker_stop(struct worker *worker);
void worker_free(struct worker *worker); /* when the loop has run once more */

#endif
