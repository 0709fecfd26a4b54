#include "errands.h"

#include <utlist.h>

#include "service_state.h"

/*
 * So many of users' are given to a thread at once: who comes now has to wait for these, whoever's
 * they are, and the loop has to send what comes of them in one turn.
 */
static const unsigned out_max[ERRAND_KINDS] = {[ERRAND_PAGE] = 8, [ERRAND_SEARCH] = 2};

static struct errand_line *line_of(struct service *service, const struct errand *errand)
{
    return &service->errands.lines[errand->kind];
}

bool errands_admit(const struct service *service, enum errand_kind kind, struct span bare)
{
    const struct service_limits *limits = &service->settings.limits;
    return asker_is_admitted(&service->errands.lines[kind].queue, &service->seed, bare,
                             limits->archive_queries, limits->user_queries);
}

void errands_stage(struct service *service, struct errand *errand, struct span bare)
{
    if (bare.at)
        asker_take_place(&line_of(service, errand)->queue, &service->seed, bare, errand);
    DL_APPEND(service->errands.staged, errand);
}

static void settle(struct service *service, struct errand *errand, bool committed)
{
    if (!committed)
        service_errand_free(service, errand);
    else if (errand->asker)
        asker_wait(errand);
    else
        DL_APPEND(line_of(service, errand)->own, errand);
}

void errands_settle(struct service *service, bool committed)
{
    struct errand *errand;
    while ((errand = service->errands.staged)) {
        DL_DELETE(service->errands.staged, errand);
        settle(service, errand, committed);
    }
}

/* With `outbox` NULL, whatever waits to be sent. */
static struct errand *take(struct errand_line *line, const struct outbox *outbox)
{
    struct errand *errand = line->own;
    if (errand) {
        DL_DELETE(line->own, errand);
        return errand;
    }
    errand = asker_next(&line->queue, outbox);
    if (errand) {
        errand->taken = true;
        line->out++;
    }
    return errand;
}

void errands_free(struct service *service)
{
    struct errand *errand;
    errands_settle(service, false);
    for (enum errand_kind kind = 0; kind < ERRAND_KINDS; kind++) {
        while ((errand = take(&service->errands.lines[kind], NULL)))
            service_errand_free(service, errand);
        asker_free_all(&service->errands.lines[kind].queue);
    }
}

struct errand *service_take_errand(struct service *service, enum errand_kind kind)
{
    struct errand_line *line = &service->errands.lines[kind];
    bool waits = line->out >= out_max[kind] || outbox_is_full(service->outbox);
    return waits && !line->own ? NULL : take(line, service->outbox);
}

void service_errand_free(struct service *service, struct errand *errand)
{
    struct errand_line *line = line_of(service, errand);
    line->out -= errand->taken;
    if (errand->asker)
        asker_free_place(&line->queue, errand);
    errand->free(errand);
}
