/* The tasks of the service and of its users: staged in this turn, waiting for a thread, or taken by
 * one. */
#ifndef MUC_TASKS_H
#define MUC_TASKS_H

#include <stdbool.h>

#include "coven/span.h"
#include "coven/task.h"
#include "task_queue.h"

struct service;

struct tasks {
    struct task *staged; /* in this turn */
    struct task_line {
        struct task *own;        /* of the service: they go first */
        struct task_queue queue; /* of users */
        unsigned out;            /* users' tasks that were taken and not freed yet */
    } lines[TASK_KINDS];
};

/* Returns whether the user may stage one more task. */
bool tasks_admit(const struct service *service, enum task_kind kind, struct span bare);

/* Takes the task over, as the user's, or as the service's own if `bare.at` is NULL. It waits for
 * the end of the turn. */
void tasks_stage(struct service *service, struct task *task, struct span bare);

/* The same for a task that follows from a turn that was kept before: it waits for nothing. */
void tasks_add(struct service *service, struct task *task, struct span bare);

/* Ends the turn: staged tasks may be taken now, or are freed if the turn is dropped. */
void tasks_settle(struct service *service, bool committed);
void tasks_free(struct service *service);

#endif
