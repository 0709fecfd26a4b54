/* check, backup: the store as a whole. Both work in another thread, step by step, so other commands
 * and turns come between. */

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/store_care.h"
#include "handlers.h"
#include "muc/state/service_state.h"

#define IN_MEMORY "The store is in memory: there is no file"

/* ---- check ---- */

struct checking {
    struct store_check check;
    enum store_result result;
    json_t *faults; /* strings, of the last step */
    unsigned count; /* of all steps */
};

static void add_fault(void *user, const char *fault)
{
    struct checking *checking = user;
    json_t *text = json_string(fault);
    /* Damaged text may be no UTF-8. */
    json_array_append_new(checking->faults, text ? text : json_string("a fault without a name"));
    checking->count++;
}

static void check_step(void *state, struct store *store)
{
    struct checking *checking = state;
    checking->result = store_check_step(store, &checking->check, add_fault, checking);
}

static void tell_faults(struct run *run, struct checking *checking)
{
    size_t i;
    json_t *fault;
    json_array_foreach(checking->faults, i, fault)
    {
        run_row(run, json_pack("{s:O}", "fault", fault));
    }
    json_array_clear(checking->faults);
}

static enum run_next check_end(struct run *run, const struct checking *checking)
{
    if (checking->result == STORE_LATE)
        return run_fail(run, &error_resource_constraint,
                        "So much is stored meanwhile that the log of the store got too long "
                        "(held_log_mib in the configuration); the check is not complete");
    if (checking->check.part == 0)
        return run_fail(run, &error_not_allowed, IN_MEMORY);
    if (checking->count > 0)
        return run_fail(run, &error_conflict, "The store has faults");
    return RUN_DONE;
}

enum run_next store_command_check(struct run *run)
{
    struct checking *checking = run->state;
    if (!checking) {
        checking = run->state = mem_new(sizeof *checking);
        checking->faults = json_array();
        checking->check.gone = &run->abandoned;
        checking->check.log_mib = run->service->settings.limits.held_log_mib;
        return run_work(run, TASK_ADMIN, check_step);
    }
    tell_faults(run, checking);
    if (checking->result != STORE_OK)
        return check_end(run, checking);
    run_progress(run, checking->check.part, STORE_CHECK_PARTS);
    return run_work(run, TASK_ADMIN, check_step);
}

void store_command_check_free(void *state)
{
    struct checking *checking = state;
    json_decref(checking->faults);
    free(checking);
}

/* ---- backup ---- */

struct copying {
    const char *path; /* of the arguments */
    unsigned log_mib;
    struct store_backup *backup; /* NULL: before the first step, and after the last one */
    enum store_result result;
    char *why;
    int64_t done, of;
};

/* What takes long is done here, also the end. */
static void copy_step(void *state, struct store *store)
{
    struct copying *copying = state;
    copying->result = copying->backup ? store_backup_step(copying->backup, &copying->why)
                                      : store_backup_begin(store, copying->path, copying->log_mib,
                                                           &copying->backup, &copying->why);
    if (!copying->backup)
        return;
    store_backup_progress(copying->backup, &copying->done, &copying->of);
    if (copying->result == STORE_OK)
        return;
    store_backup_end(copying->backup);
    copying->backup = NULL;
}

static enum run_next backup_begin(struct run *run)
{
    const char *path = run_text(run, "file");
    if (*path != '/')
        return run_fail(run, &error_bad_request, "The file must have an absolute path");
    struct copying *copying = run->state = mem_new(sizeof *copying);
    copying->path = path;
    copying->log_mib = run->service->settings.limits.held_log_mib;
    run_log(run, "copies the store to %s", path);
    return run_work(run, TASK_ADMIN, copy_step);
}

static enum run_next backup_end(struct run *run, const struct copying *copying)
{
    if (copying->result == STORE_FAILED) {
        run_log(run, "did not copy the store: %s", copying->why);
        return run_fail(run, &error_resource_constraint, "%s", copying->why);
    }
    if (copying->of == 0)
        return run_fail(run, &error_not_allowed, IN_MEMORY);
    json_t *card = json_object();
    run_set(card, "file", json_string(copying->path));
    run_set(card, "bytes", json_integer(copying->of));
    run_row(run, card);
    run_log(run, "has copied the store to %s", copying->path);
    return RUN_DONE;
}

enum run_next store_command_backup(struct run *run)
{
    const struct copying *copying = run->state;
    if (!copying)
        return backup_begin(run);
    if (copying->result != STORE_OK)
        return backup_end(run, copying);
    if (copying->of > 0)
        run_progress(run, copying->done, copying->of);
    return run_work(run, TASK_ADMIN, copy_step);
}

void store_command_backup_free(void *state)
{
    struct copying *copying = state;
    if (copying->backup)
        store_backup_end(copying->backup);
    free(copying->why);
    free(copying);
}
