#include "tasks.h"

#include <utlist.h>

#include "coven/task.h"
#include "muc/state/service_state.h"

/*
 * So many of users' are given to a thread at once: who comes now has to wait for these, whoever's
 * they are, and the loop has to send what comes of them in one turn.
 */
static const unsigned out_max[TASK_KINDS] = {[TASK_PAGE] = 8, [TASK_SEARCH] = 2};

static struct task_line *line_of(struct service *service, const struct task *task)
{
    return &service->tasks->lines[task->kind];
}

bool tasks_admit(const struct service *service, enum task_kind kind, struct span bare)
{
    const struct service_limits *limits = &service->settings.limits;
    return task_queue_is_admitted(&service->tasks->lines[kind].queue, &service->seed, bare,
                                  limits->archive_queries, limits->user_queries);
}

void tasks_stage(struct service *service, struct task *task, struct span bare)
{
    if (bare.at)
        task_queue_take_place(&line_of(service, task)->queue, &service->seed, bare, task);
    DL_APPEND(service->tasks->staged, task);
}

static void settle(struct service *service, struct task *task, bool committed)
{
    if (!committed)
        service_task_free(service, task);
    else if (task->asker)
        task_queue_wait(task);
    else
        DL_APPEND(line_of(service, task)->own, task);
}

void tasks_settle(struct service *service, bool committed)
{
    struct task *task;
    while ((task = service->tasks->staged)) {
        DL_DELETE(service->tasks->staged, task);
        settle(service, task, committed);
    }
}

/* With `outbox` NULL, whatever waits to be sent. */
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
    if (task->asker)
        task_queue_free_place(&line->queue, task);
    task->free(task);
}
