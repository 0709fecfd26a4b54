#include "runs.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/bug.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "handlers.h"
#include "muc/limit/quota.h"
#include "muc/state/affiliation.h"
#include "muc/state/refusal.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"

void runs_open(struct service *service)
{
    service->runs = mem_new(sizeof *service->runs);
    service->runs->xmpp = xmpp_ctx_new(NULL, NULL);
}

void run_set_host(struct service *service, const struct run_host *host)
{
    service->runs->host = *host;
}

struct run *run_begin(struct service *service, const struct command *command, json_t *args,
                      const struct run_caller *caller, const struct run_sink *sink)
{
    struct runs *runs = service->runs;
    bool full = !caller->is_operator && runs->strangers >= service->settings.limits.commands;
    if (runs->stopped || full) {
        json_decref(args);
        return NULL;
    }
    struct run *run = mem_new(sizeof *run);
    run->service = service;
    run->command = command;
    run->args = args;
    run->is_operator = caller->is_operator;
    run->caller = mem_string(caller->name);
    run->client = mem_copy(caller->jid.at, caller->jid.len);
    run->jid = mem_copy(caller->jid.at, strcspn(run->client, "/"));
    run->sink = *sink;
    run->rows = json_array();
    DL_APPEND(runs->first, run);
    runs->strangers += !run->is_operator;
    service->runs_count++;
    service->counts.commands++;
    return run;
}

static void run_free(struct run *run)
{
    const struct run_handler *handler = &run_handlers[command_id_of(run->command)];
    DL_DELETE(run->service->runs->first, run);
    run->service->runs_count--;
    run->service->runs->strangers -= !run->is_operator;
    if (handler->free && run->state)
        handler->free(run->state);
    else
        free(run->state);
    json_decref(run->args);
    json_decref(run->rows);
    buf_free(&run->why);
    buf_free(&run->input);
    free(run->caller);
    free(run->client);
    free(run->jid);
    free(run);
}

/* The caller does not learn the rest, so nothing more is done. What works for the run in another
 * thread must come back first. */
void run_abandon(struct run *run)
{
    run->abandoned = true;
    if (run->stage != STAGE_WORKING && !run->stepped)
        run_free(run);
}

void run_stop(struct service *service)
{
    struct run *run, *next;
    service->runs->stopped = true;
    DL_FOREACH_SAFE (service->runs->first, run, next) {
        if (run->abandoned)
            continue;
        run->sink.end(run->sink.user, &error_service_unavailable, "covend stops");
        run_abandon(run);
    }
}

void runs_free(struct service *service)
{
    while (service->runs->first)
        run_free(service->runs->first);
    xmpp_ctx_free(service->runs->xmpp);
    free(service->runs);
}

/* ---- Steps ---- */

/* Is the room loaded? If not, some step has failed, or a later one finds it. */
static bool find_room(struct run *run, enum run_next *next_r)
{
    struct jid jid;
    const char *address = run_text(run, "room");
    const struct command_argument *argument = command_argument_find(run->command, "room");
    run->room = NULL;
    if (!address || argument->kind != ARGUMENT_ROOM)
        return true;
    coven_assert(jid_parse(span_of(address), &jid));
    enum store_result result = room_load_begin(run->service, jid_node(&jid), &run->room);
    if (result == STORE_OK && !run->room->loading)
        return true;
    *next_r = result == STORE_OK       ? RUN_GOES_ON
              : result == STORE_FAILED ? run_fail(run, &error_resource_constraint, NULL)
                                       : run_fail(run, &refusal_no_room, NULL);
    run->room = NULL;
    return false;
}

/* An owner of the room may do more than an admin of it, and operators may do everything. */
bool runs_allow(const struct command *command, bool is_operator, enum affiliation rank)
{
    static const enum affiliation wanted[] = {
        [RIGHT_OWNER] = AFFILIATION_OWNER, [RIGHT_ADMIN] = AFFILIATION_ADMIN};
    return is_operator || (command->right != RIGHT_OPERATOR && rank >= wanted[command->right]);
}

static bool is_allowed(struct run *run)
{
    run->rank = AFFILIATION_NONE;
    if (run->is_operator)
        run->rank = AFFILIATION_OWNER;
    else if (run->room)
        run->rank = affiliation_in(run->room, span_of(run->jid));
    return runs_allow(run->command, run->is_operator, run->rank);
}

static enum run_next take_step(struct run *run)
{
    enum run_next next = RUN_DONE;
    if (!find_room(run, &next))
        return next;
    if (!is_allowed(run))
        return run_fail(run, &error_forbidden, NULL);
    return run_handlers[command_id_of(run->command)].step(run);
}

static bool is_held_up(const struct run *run)
{
    return (run->sends && outbox_is_full(run->service->outbox)) ||
           (run->sink.is_full && run->sink.is_full(run->sink.user));
}

static bool is_hungry(const struct run *run)
{
    return run->reads && run->input_lines == 0 && !run->input_over;
}

static bool is_ready(const struct run *run)
{
    return run->stage == STAGE_READY && (run->abandoned || !(is_held_up(run) || is_hungry(run)));
}

/* Operators go first. */
static struct run *find_ready(const struct service *service)
{
    struct run *run, *stranger = NULL;
    DL_FOREACH (service->runs->first, run) {
        if (is_ready(run) && run->is_operator)
            return run;
        if (is_ready(run) && !stranger)
            stranger = run;
    }
    return stranger;
}

bool runs_have_work(const struct service *service)
{
    return find_ready(service) != NULL;
}

void runs_step(struct service *service)
{
    struct run *run = find_ready(service);
    if (!run)
        return;
    DL_DELETE(service->runs->first, run);
    DL_APPEND(service->runs->first, run);
    run->stepped = true;
    struct outbox_tally before = outbox_tally(service->outbox);
    enum run_next next = run->abandoned ? RUN_DONE : take_step(run);
    if (*run->jid)
        quota_charge(service, span_of(run->jid), &before);
    run->reads = next == RUN_READS;
    if (next == RUN_DONE || next == RUN_FAILED)
        run->stage = STAGE_OVER;
    run->room = NULL;
}

/* ---- The end of a turn ---- */

static void tell_rows(struct run *run)
{
    size_t i;
    json_t *row;
    if (run->of > 0 && run->sink.progress)
        run->sink.progress(run->sink.user, run->done, run->of);
    json_array_foreach(run->rows, i, row)
    {
        if (!run->abandoned)
            run->sink.row(run->sink.user, row);
    }
}

/* Until the end of it the run counts as stepping, so a sink may abandon it. */
static void settle(struct run *run, bool committed)
{
    if (!committed) {
        run->stage = STAGE_OVER;
        run_fail(run, &error_resource_constraint,
                 "The store failed: nothing of the last step is "
                 "done");
    } else if (!run->abandoned) {
        tell_rows(run);
    }
    json_array_clear(run->rows);
    run->of = 0;
    run->stepped = false;
    running_digest(run);
    if (run->stage != STAGE_OVER)
        return;
    if (!run->abandoned)
        run->sink.end(run->sink.user, run->error,
                      run->why.len > 0 ? run->why.data
                      : run->error     ? run->error->text
                                       : NULL);
    run_free(run);
}

void runs_settle(struct service *service, bool committed)
{
    struct run *run, *next;
    DL_FOREACH_SAFE (service->runs->first, run, next) {
        if (run->stepped)
            settle(run, committed);
    }
}
