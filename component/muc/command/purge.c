/* purge: deletes all that is kept of a user, a part after the other. */

#include "purge.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "handlers.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

/* ---- Before the rest ---- */

/* What is only in memory goes to the store, where it is found. */
static enum run_next save(struct run *run)
{
    return unarchived_save_some(run->service) ? RUN_DONE : RUN_GOES_ON;
}

static void read_evict(void *state, struct store *store)
{
    evict_read(&((struct purge *)state)->evict, store);
}

static enum run_next leave(struct run *run)
{
    struct purge *purge = run->state;
    if (purge->only_counts)
        return RUN_DONE;
    enum run_next next = evict_step(&purge->evict, run, false);
    return next == RUN_WAITS ? run_work(run, TASK_ADMIN, read_evict) : next;
}

static void take(void *user, const struct store_trace *trace)
{
    string_list_take(user, trace->room);
}

static void read_traces(void *state, struct store *store)
{
    struct purge *purge = state;
    struct span jid = span_of(purge->jid);
    purge->read = true;
    purge->failed = store_traces_affiliated(store, jid, take, &purge->affiliated) == STORE_FAILED ||
                    store_traces_applied(store, jid, take, &purge->applied) == STORE_FAILED ||
                    store_traces_created(store, jid, take, &purge->created) == STORE_FAILED;
}

static enum run_next find(struct run *run)
{
    struct purge *purge = run->state;
    return purge->read ? RUN_DONE : run_work(run, TASK_ADMIN, read_traces);
}

/* ---- All of it ---- */

static enum run_next tell(struct run *run)
{
    const struct purge *purge = run->state;
    json_t *row = json_object();
    run_set(row, "messages", json_integer(purge->messages));
    run_set(row, "affiliations", json_integer(purge->affiliations));
    run_set(row, "applications", json_integer(purge->applications));
    run_set(row, "created", json_integer(purge->created.count));
    run_set(row, "orphans", json_incref(purge->orphans));
    run_row(run, row);
    return RUN_DONE;
}

static run_stepper *const stages[] = {
    leave,         save,           purge_index, find, purge_affiliations, purge_applications,
    purge_created, purge_messages, purge_names, tell,
};
#define STAGES (sizeof stages / sizeof *stages)

static struct purge *begin(const struct run *run)
{
    struct purge *purge = mem_new(sizeof *purge);
    purge->jid = mem_string(run_text(run, "jid"));
    purge->only_counts = run_flag(run, "dry_run");
    evict_open(&purge->evict, purge->jid);
    purge->orphans = json_array();
    if (!purge->only_counts)
        run_log(run, "purges %s", purge->jid);
    return purge;
}

enum run_next purge_user(struct run *run)
{
    if (!run->state)
        run->state = begin(run);
    struct purge *purge = run->state;
    if (purge->failed)
        return run_fail(run, &error_resource_constraint,
                        "The store failed; run the command again to delete the rest");
    enum run_next next = stages[purge->stage](run);
    if (next != RUN_DONE)
        return next;
    purge->at = 0;
    return ++purge->stage < STAGES ? RUN_GOES_ON : RUN_DONE;
}

void purge_free(void *state)
{
    struct purge *purge = state;
    evict_close(&purge->evict);
    purge_messages_free(purge);
    string_list_free(&purge->affiliated);
    string_list_free(&purge->applied);
    string_list_free(&purge->created);
    json_decref(purge->orphans);
    free(purge->jid);
    free(purge);
}
