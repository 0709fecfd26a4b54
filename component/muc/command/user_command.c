/* user: what somebody is, in all rooms. */

#include <stdlib.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "handlers.h"
#include "muc/state/denial.h"
#include "muc/state/service_state.h"

#define ROWS_A_STEP 200

struct traces {
    char *jid;
    char *domain; /* of the service; a copy, because the configuration may be read again */
    json_t *rows;
    size_t told;
    const char *is; /* of those that are being read; NULL: the affiliation */
    bool failed;
};

static void take(void *user, const struct store_trace *trace)
{
    struct traces *traces = user;
    json_t *row = json_object();
    bool named = !traces->is;
    const char *is = named ? affiliation_name(affiliation_of(trace->affiliation)) : traces->is;
    run_set(row, "is", json_string(is));
    run_set(row, "room",
            json_sprintf("%.*s@%s", (int)trace->room.len, trace->room.at, traces->domain));
    run_set(row, "nick", run_json_text(trace->nick));
    if (!span_is(trace->jid, traces->jid))
        run_set(row, named ? "reason" : "client", run_json_text(trace->jid));
    if (trace->reason.len > 0)
        run_set(row, "reason", run_json_text(trace->reason));
    json_array_append_new(traces->rows, row);
}

typedef enum store_result trace_reader(struct store *store, struct span jid, store_trace_each *each,
                                       void *user);

static void read_kind(struct traces *traces, struct store *store, const char *is,
                      trace_reader *reader, struct span jid)
{
    traces->is = is;
    traces->failed |= reader(store, jid, take, traces) == STORE_FAILED;
}

/* A domain's affiliation is that of its users, and of those below it. */
static void read(void *state, struct store *store)
{
    struct traces *traces = state;
    struct span jid = span_of(traces->jid), domain = domain_of(jid);
    read_kind(traces, store, "inside", store_traces_inside, jid);
    read_kind(traces, store, NULL, store_traces_affiliated, jid);
    do {
        read_kind(traces, store, NULL, store_traces_affiliated, domain);
    } while (domain_rise(&domain));
    read_kind(traces, store, "creator", store_traces_created, jid);
    read_kind(traces, store, "applicant", store_traces_applied, jid);
}

static void add_denial(const struct run *run, struct traces *traces)
{
    const struct denial *denial = denial_of(run->service, span_of(traces->jid));
    if (!denial)
        return;
    json_t *row = json_object();
    run_set(row, "is", json_string("denied"));
    run_set(row, "reason", json_string(*denial->reason ? denial->reason : denial->address));
    json_array_append_new(traces->rows, row);
}

static void add_service_admin(const struct run *run, struct traces *traces)
{
    if (!domain_lists(run->service->settings.admins, span_of(traces->jid)))
        return;
    json_t *row = json_object();
    run_set(row, "is", json_string("admin of the service"));
    json_array_append_new(traces->rows, row);
}

enum run_next user_command_show(struct run *run)
{
    if (!run->state) {
        struct traces *begun = run->state = mem_new(sizeof *begun);
        begun->jid = mem_string(run_text(run, "jid"));
        begun->domain = mem_string(run->service->settings.domain);
        begun->rows = json_array();
        add_service_admin(run, begun);
        add_denial(run, begun);
        return run_work(run, TASK_ADMIN, read);
    }
    struct traces *traces = run->state;
    if (traces->failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    return run_rows(run, traces->rows, &traces->told, ROWS_A_STEP) ? RUN_DONE : RUN_GOES_ON;
}

void user_command_free(void *state)
{
    struct traces *traces = state;
    free(traces->jid);
    free(traces->domain);
    json_decref(traces->rows);
    free(traces);
}
