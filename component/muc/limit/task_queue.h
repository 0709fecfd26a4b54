/*
 * Tasks of users that wait for a thread, and whose turn it is.
 *
 * Each user has a clock of its own, which goes on by the time that its tasks took; whoever's is
 * behind comes next. The queue's clock goes on by what one share of that time is, and who has
 * nothing to wait for is not behind it: time that nobody asked for cannot be saved up. Who asked
 * for much is remembered until the queue's clock has reached his.
 */
#ifndef MUC_TASK_QUEUE_H
#define MUC_TASK_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/hash.h"
#include "coven/span.h"
#include "coven/table.h"
#include "coven/task.h"

struct asker;
struct outbox;

struct task_queue {
    struct table by_bare;
    struct asker *askers; /* the one who was served last at the end */
    unsigned busy;        /* of them have tasks */
    unsigned count;       /* of tasks that were not freed yet */
    int64_t clock_us;
};

/* Is there a place for one more of that user's (place.h)? `all` places are there, and `own` of them
 * for a user. */
bool task_queue_is_admitted(const struct task_queue *queue, const struct hash_seed *seed,
                            struct span bare, unsigned all, unsigned own);

/* The task is that user's, and takes a place until task_queue_free_place(). */
void task_queue_take_place(struct task_queue *queue, const struct hash_seed *seed, struct span bare,
                           struct task *task);

/* It may be run now. */
void task_queue_wait(struct task *task);

/* The next one to be run; NULL: none may be now. Nobody is read more while much of what he was read
 * waits in his lane of the outbox; with NULL that is not asked. */
struct task *task_queue_next(struct task_queue *queue, const struct outbox *outbox);

/* It is about to be freed, run (`taken`) or not, and does not wait. */
void task_queue_free_place(struct task_queue *queue, struct task *task);

/* With nothing in it. */
void task_queue_free_all(struct task_queue *queue);

#endif
