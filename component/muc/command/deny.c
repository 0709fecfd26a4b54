/* deny, allow, denied: who may not use the service at all. */

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "evict.h"
#include "handlers.h"
#include "muc/state/denial.h"
#include "muc/state/service_state.h"

#define ROWS_A_STEP 500

/* ---- deny ---- */

static enum run_next begin(struct run *run)
{
    struct service *service = run->service;
    const char *address = run_text(run, "address"), *reason = run_text(run, "reason");
    unsigned limit = service->settings.limits.denials;
    int64_t seconds = run_number(run, "for", 0);
    if (strcmp(address, service->settings.domain) == 0)
        return run_fail(run, &error_conflict, "%s is the service itself", address);
    if (domain_lists(service->settings.admins, span_of(address)))
        return run_fail(run, &error_conflict, "%s is an admin of the service", address);
    if (reason && strlen(reason) > service->settings.limits.reason_bytes)
        return run_fail(run, &error_policy_violation, "A reason has at most %u bytes",
                        service->settings.limits.reason_bytes);
    if (!denial_find(service, span_of(address)) && service->denials->table.count >= limit)
        return run_fail(run, &error_resource_constraint,
                        "%u addresses are denied, the most (denials)", limit);
    denial_put(service, span_of(address), seconds > 0 ? service->wall_ms + seconds * 1000 : 0,
               reason ? reason : "", run->caller);
    run_log(run, "denies the service to %s%s%s", address, reason ? ": " : "", reason ? reason : "");
    struct evict *evict = run->state = mem_new(sizeof *evict);
    evict_open(evict, address);
    return RUN_GOES_ON;
}

static void read(void *state, struct store *store)
{
    evict_read(state, store);
}

/* The entry first, then those inside leave. */
enum run_next deny_begin(struct run *run)
{
    if (!run->state)
        return begin(run);
    enum run_next next = evict_step(run->state, run, true);
    return next == RUN_WAITS ? run_work(run, TASK_ADMIN, read) : next;
}

void deny_free(void *state)
{
    evict_close(state);
    free(state);
}

/* ---- allow ---- */

enum run_next deny_end(struct run *run)
{
    const char *address = run_text(run, "address");
    if (!denial_find(run->service, span_of(address)))
        return run_fail(run, &error_item_not_found, "%s is not denied", address);
    denial_remove(run->service, span_of(address));
    run_log(run, "allows the service to %s again", address);
    return RUN_DONE;
}

/* ---- denied ---- */

static void add_row(struct run *run, const struct denial *denial)
{
    json_t *row = json_object();
    run_set(row, "address", json_string(denial->address));
    run_set(row, "reason", run_json_text(span_of(denial->reason)));
    run_set(row, "since", run_json_time(denial->since / 1000 * 1000));
    run_set(row, "until", run_json_time(denial->until / 1000 * 1000));
    run_set(row, "by", run_json_text(span_of(denial->by)));
    run_row(run, row);
}

/* Where the last step ended: the list may change meanwhile, so this is a count. */
struct listing {
    size_t told;
};

enum run_next deny_list(struct run *run)
{
    size_t at = 0, left = ROWS_A_STEP;
    const struct denial *denial;
    if (!run->state)
        run->state = mem_new(sizeof(struct listing));
    struct listing *listing = run->state;
    DL_FOREACH (run->service->denials->first, denial) {
        if (at++ < listing->told)
            continue;
        if (left-- == 0)
            return RUN_GOES_ON;
        add_row(run, denial);
        listing->told++;
    }
    return RUN_DONE;
}
