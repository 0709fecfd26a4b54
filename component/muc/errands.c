#include "errands.h"

#include <utlist.h>

#include "service_state.h"

#define NOBODY 0

static unsigned owner_of(const struct service *service, struct span bare)
{
    return bare.at ? 1 + hash_span(&service->seed, bare) % (ERRAND_OWNERS - 1) : NOBODY;
}

bool errands_admit(const struct service *service, struct span bare)
{
    const struct service_limits *limits = &service->settings.limits;
    return service->errands.out < limits->archive_queries &&
           service->errands.out_of[owner_of(service, bare)] < limits->user_queries;
}

void errands_stage(struct service *service, struct errand *errand, struct span bare)
{
    errand->owner = owner_of(service, bare);
    service->errands.out += errand->owner != NOBODY;
    service->errands.out_of[errand->owner]++;
    DL_APPEND(service->errands.staged, errand);
}

static void discard(struct service *service, struct errand **list)
{
    struct errand *errand, *next;
    DL_FOREACH_SAFE (*list, errand, next) {
        DL_DELETE(*list, errand);
        service_errand_free(service, errand);
    }
}

void errands_settle(struct service *service, bool committed)
{
    if (committed)
        DL_CONCAT(service->errands.ready, service->errands.staged);
    else
        discard(service, &service->errands.staged);
    service->errands.staged = NULL;
}

void errands_free(struct service *service)
{
    discard(service, &service->errands.staged);
    discard(service, &service->errands.ready);
}

struct errand *service_take_errand(struct service *service)
{
    struct errand *errand = service->errands.ready;
    if (errand)
        DL_DELETE(service->errands.ready, errand);
    return errand;
}

void service_errand_free(struct service *service, struct errand *errand)
{
    service->errands.out -= errand->owner != NOBODY;
    service->errands.out_of[errand->owner]--;
    errand->free(errand);
}
