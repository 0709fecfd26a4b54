#include "retention.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/task.h"
#include "muc/limit/tasks.h"
#include "muc/state/service_state.h"

#define PAUSE_MS 1000 /* until the next search, when nothing was found */

struct retention {
    struct task task;
    struct service *service;
    struct store_keeping keeping;
    struct store_due due;
    enum store_result found;
    bool finished;
};

/* Finding takes long, so it runs in another thread. It also reads what it finds, so that
 * deleting it in a turn is fast. */
static void run(struct task *task, struct store *store)
{
    struct retention *retention = (struct retention *)task;
    retention->found = store_due(store, &retention->keeping, &retention->due);
}

/* Searches again at once after a deletion, because there may be more. What a dropped turn did not
 * delete is found again. */
static void finish(struct task *task, struct service *service, bool dropped)
{
    struct retention *retention = (struct retention *)task;
    retention->finished = true;
    service->retention_runs = false;
    if (dropped || retention->found == STORE_FAILED)
        return;
    if (retention->found == STORE_NOTHING) {
        service->retention_ms = service->mono_ms + PAUSE_MS;
        return;
    }
    service_wrote(service, store_due_delete(service->store, &retention->due));
    retention_begin(service);
}

static void retention_free(struct task *task)
{
    struct retention *retention = (struct retention *)task;
    if (!retention->finished)
        retention->service->retention_runs = false;
    free(retention);
}

void retention_begin(struct service *service)
{
    const struct service_limits *limits = &service->settings.limits;
    if (service->retention_runs || service->mono_ms < service->retention_ms)
        return;
    struct retention *retention = mem_new(sizeof *retention);
    retention->task =
        (struct task){.kind = TASK_SEARCH, .run = run, .finish = finish, .free = retention_free};
    retention->service = service;
    retention->keeping = (struct store_keeping){.now = era_trusted_time(service),
                                                .eras = service->era.eras,
                                                .days = limits->archive_days,
                                                .messages = limits->archive_keep};
    service->retention_runs = true;
    tasks_stage(service, &retention->task, (struct span){NULL, 0});
}
