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
    size_t kind;    /* the next to be read */
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
        run_set(row, named ? "domain" : "client", run_json_text(trace->jid));
    run_set(row, "reason", run_json_text(trace->reason));
    json_array_append_new(traces->rows, row);
}

typedef enum store_result trace_reader(struct store *store, struct span jid, store_trace_each *each,
                                       void *user);

/* A domain's affiliation is that of its users, and of those below it. */
static enum store_result read_domains(struct store *store, struct span jid, store_trace_each *each,
                                      void *user)
{
    struct span domain = domain_of(jid);
    enum store_result result;
    do {
        result = store_traces_affiliated(store, domain, each, user);
    } while (result != STORE_FAILED && domain_rise(&domain));
    return result;
}

static const struct {
    const char *is; /* NULL: the affiliation */
    trace_reader *read;
} kinds[] = {{"inside", store_traces_inside},
             {NULL, store_traces_affiliated},
             {NULL, read_domains},
             {"creator", store_traces_created},
             {"applicant", store_traces_applied}};
#define KINDS (sizeof kinds / sizeof *kinds)

/* Reads one kind. */
static void read(void *state, struct store *store)
{
    struct traces *traces = state;
    traces->is = kinds[traces->kind].is;
    traces->failed |=
        kinds[traces->kind++].read(store, span_of(traces->jid), take, traces) == STORE_FAILED;
}

static void add_denial(const struct run *run, struct traces *traces)
{
    const struct denial *denial = denial_of(run->service, span_of(traces->jid));
    if (!denial)
        return;
    json_t *row = json_object();
    run_set(row, "is", json_string("denied"));
    if (strcmp(denial->address, traces->jid) != 0)
        run_set(row, "domain", json_string(denial->address));
    run_set(row, "reason", run_json_text(span_of(denial->reason)));
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
    }
    struct traces *traces = run->state;
    if (traces->failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    if (traces->kind < KINDS)
        return run_work(run, TASK_ADMIN, read);
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
