/*
 * Users' tasks that wait for a thread, scheduled by fair queueing.
 *
 * Each user has a virtual time, which advances by the time that the user's tasks took; the user
 * whose virtual time is least is served next. The queue's virtual time advances by an equal share
 * of the time used, and a user who becomes active starts at least there: idle time cannot be saved
 * up. A user who is ahead of the queue is remembered until the queue has caught up.
 */
#ifndef MUC_TASK_QUEUE_H
#define MUC_TASK_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/hash.h"
#include "coven/span.h"
#include "coven/table.h"
#include "coven/task.h"

struct task_user;
struct outbox;

struct task_queue {
    struct table by_bare;
    struct task_user *users; /* the user who was served last comes last */
    unsigned busy;           /* number of users with tasks */
    unsigned count;          /* tasks added and not removed yet */
    int64_t virtual_us;
};

/* Returns whether the user may add a task, when the queue has `all` permits (permits.h) and each
 * user may hold `own` of them. */
bool task_queue_admits(const struct task_queue *queue, const struct hash_seed *seed,
                       struct span bare, unsigned all, unsigned own);

/* Makes the task the user's, which takes a permit until task_queue_remove(). It cannot be run
 * before task_queue_make_ready(). */
void task_queue_add(struct task_queue *queue, const struct hash_seed *seed, struct span bare,
                    struct task *task);
void task_queue_make_ready(struct task *task);

/* Takes out the next task to be run; NULL: none may be run now. A user who has much unsent data in
 * the outbox is passed over; `outbox` may be NULL, then nobody is. */
struct task *task_queue_next(struct task_queue *queue, const struct outbox *outbox);

/* Gives back the permit of a task that is not waiting, and charges the user if it ran (`taken`).
 * The caller frees the task. */
void task_queue_remove(struct task_queue *queue, struct task *task);

/* Frees the memory of the queue, which has no tasks any more. */
void task_queue_free_all(struct task_queue *queue);

#endif
