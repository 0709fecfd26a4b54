#include "retention.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "muc/state/service_state.h"

#define PAUSE_MS 1000 /* when nothing was found */

struct retention {
    struct task task;
    struct service *service;
    struct store_keeping keeping;
    struct store_due due;
    enum store_result found;
    bool finished;
};

/* Finding is what takes long; what is found is read then, so that deleting it does not. */
static void run(struct task *task, struct store *store)
{
    struct retention *keep = (struct retention *)task;
    keep->found = store_due(store, &keep->keeping, &keep->due);
}

/* Where there was something there may be more. What a dropped turn did not delete is found again.
 */
static void finish(struct task *task, struct service *service, bool dropped)
{
    struct retention *keep = (struct retention *)task;
    keep->finished = true;
    service->keeping = false;
    if (dropped || keep->found == STORE_FAILED)
        return;
    if (keep->found == STORE_NOTHING) {
        service->retention_ms = service->mono_ms + PAUSE_MS;
        return;
    }
    service_wrote(service, store_due_delete(service->store, &keep->due));
    retention_begin(service);
}

static void retention_free(struct task *task)
{
    struct retention *keep = (struct retention *)task;
    if (!keep->finished)
        keep->service->keeping = false;
    free(keep);
}

void retention_begin(struct service *service)
{
    const struct service_limits *limits = &service->settings.limits;
    if (service->keeping || service->mono_ms < service->retention_ms)
        return;
    struct retention *keep = mem_new(sizeof *keep);
    keep->task =
        (struct task){.kind = TASK_SEARCH, .run = run, .finish = finish, .free = retention_free};
    keep->service = service;
    keep->keeping = (struct store_keeping){.now = era_trusted_time(service),
                                           .eras = service->era.eras,
                                           .days = limits->archive_days,
                                           .messages = limits->archive_keep};
    service->keeping = true;
    tasks_stage(service, &keep->task, (struct span){NULL, 0});
}
