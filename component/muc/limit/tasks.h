/* Tasks of the service's and of users that wait for the end of the turn, wait for a thread, or
 * are out. */
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
        struct task *own;        /* the service's, to be taken before all others */
        struct task_queue queue; /* users' */
        unsigned out;            /* users' that were taken and not freed yet */
    } lines[TASK_KINDS];
};

/* Is there room for another one of that user's? */
bool tasks_admit(const struct service *service, enum task_kind kind, struct span bare);

/* Takes the task over, which is that user's; of nobody (NULL): the service's own. */
void tasks_stage(struct service *service, struct task *task, struct span bare);

/* The end of the turn. */
void tasks_settle(struct service *service, bool committed);
void tasks_free(struct service *service);

#endif
