#include "keep.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "service_state.h"

#define PAUSE_MS 1000 /* when nothing was found */

struct keep {
    struct errand errand;
    struct service *service;
    struct store_keeping keeping;
    struct store_due due;
    enum store_result found;
    bool finished;
};

/* Finding is what takes long; what is found is read then, so that deleting it does not. */
static void run(struct errand *errand, struct store *store)
{
    struct keep *keep = (struct keep *)errand;
    keep->found = store_due(store, &keep->keeping, &keep->due);
}

/* Where there was something there may be more. What a dropped turn did not delete is found again.
 */
static void finish(struct errand *errand, struct service *service, bool dropped)
{
    struct keep *keep = (struct keep *)errand;
    keep->finished = true;
    service->keeping = false;
    if (dropped || keep->found == STORE_FAILED)
        return;
    if (keep->found == STORE_NOTHING) {
        service->keep_ms = service->mono_ms + PAUSE_MS;
        return;
    }
    service_wrote(service, store_due_delete(service->store, &keep->due));
    keep_begin(service);
}

static void keep_free(struct errand *errand)
{
    struct keep *keep = (struct keep *)errand;
    if (!keep->finished)
        keep->service->keeping = false;
    free(keep);
}

void keep_begin(struct service *service)
{
    const struct service_limits *limits = &service->settings.limits;
    if (service->keeping || service->mono_ms < service->keep_ms)
        return;
    struct keep *keep = mem_new(sizeof *keep);
    keep->errand =
        (struct errand){.kind = ERRAND_SEARCH, .run = run, .finish = finish, .free = keep_free};
    keep->service = service;
    keep->keeping = (struct store_keeping){.now = era_trusted_time(service),
                                           .eras = service->era.eras,
                                           .days = limits->archive_days,
                                           .messages = limits->archive_keep};
    service->keeping = true;
    errands_stage(service, &keep->errand, (struct span){NULL, 0});
}
