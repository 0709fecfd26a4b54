#include "tasks.h"

#include <utlist.h>

#include "coven/task.h"
#include "muc/state/service_state.h"

/* Users' tasks that a thread may have at once. Few: a new task waits for all of them, and one turn
 * may have to send all their results. */
static const unsigned out_max[TASK_KINDS] = {[TASK_PAGE] = 8, [TASK_SEARCH] = 2, [TASK_ADMIN] = 1};

static struct task_line *line_of(struct service *service, const struct task *task)
{
    return &service->tasks->lines[task->kind];
}

bool tasks_admit(const struct service *service, enum task_kind kind, struct span bare)
{
    const struct service_limits *limits = &service->settings.limits;
    return task_queue_admits(&service->tasks->lines[kind].queue, &service->seed, bare,
                             limits->archive_queries, limits->user_queries);
}

void tasks_stage(struct service *service, struct task *task, struct span bare)
{
    if (bare.at)
        task_queue_add(&line_of(service, task)->queue, &service->seed, bare, task);
    DL_APPEND(service->tasks->staged, task);
}

static void settle(struct service *service, struct task *task, bool committed)
{
    if (!committed)
        service_task_free(service, task);
    else if (task->user)
        task_queue_make_ready(task);
    else
        DL_APPEND(line_of(service, task)->own, task);
}

void tasks_add(struct service *service, struct task *task, struct span bare)
{
    if (bare.at)
        task_queue_add(&line_of(service, task)->queue, &service->seed, bare, task);
    settle(service, task, true);
}

void tasks_settle(struct service *service, bool committed)
{
    struct task *task;
    while ((task = service->tasks->staged)) {
        DL_DELETE(service->tasks->staged, task);
        settle(service, task, committed);
    }
}

/* `outbox`: see task_queue_next(). */
static struct task *take(struct task_line *line, const struct outbox *outbox)
{
    struct task *task = line->own;
    if (task) {
        DL_DELETE(line->own, task);
        return task;
    }
    task = task_queue_next(&line->queue, outbox);
    if (task) {
        task->taken = true;
        line->out++;
    }
    return task;
}

void tasks_free(struct service *service)
{
    struct task *task;
    tasks_settle(service, false);
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++) {
        while ((task = take(&service->tasks->lines[kind], NULL)))
            service_task_free(service, task);
        task_queue_free_all(&service->tasks->lines[kind].queue);
    }
    free(service->tasks);
}

struct task *service_take_task(struct service *service, enum task_kind kind)
{
    struct task_line *line = &service->tasks->lines[kind];
    bool waits = line->out >= out_max[kind] || outbox_is_full(service->outbox);
    return waits && !line->own ? NULL : take(line, service->outbox);
}

void service_task_free(struct service *service, struct task *task)
{
    struct task_line *line = line_of(service, task);
    line->out -= task->taken;
    if (task->user)
        task_queue_remove(&line->queue, task);
    task->free(task);
}
