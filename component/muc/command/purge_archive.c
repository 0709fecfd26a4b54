/* purge-archive: deletes the messages of a room, the oldest first, as the limits of an archive do.
 */

#include <stdlib.h>

#include "coven/mem.h"
#include "handlers.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

struct purge_archive {
    struct store_keeping keeping;
    int64_t room, last_key;
    char *address;
    struct store_due due;
    enum store_result found;
    int64_t deleted;
};

static void find(void *state, struct store *store)
{
    struct purge_archive *purge = state;
    purge->found = store_due_of(store, &purge->keeping, purge->room, purge->last_key, &purge->due);
}

static struct purge_archive *begin(const struct run *run)
{
    struct service *service = run->service;
    struct purge_archive *purge = mem_new(sizeof *purge);
    unarchived_save(run->room);
    purge->keeping = (struct store_keeping){.now = era_trusted_time(service),
                                            .eras = service->era.eras,
                                            .days = run_number(run, "days", 0)};
    purge->room = run->room->id;
    purge->last_key = service->era.eras.last_key;
    purge->address = mem_string(run->room->address);
    run_log(run, "deletes messages of %s", purge->address);
    return purge;
}

static enum run_next tell(struct run *run)
{
    const struct purge_archive *purge = run->state;
    json_t *row = json_object();
    run_set(row, "messages", json_integer(purge->deleted));
    run_row(run, row);
    return RUN_DONE;
}

enum run_next purge_archive_delete(struct run *run)
{
    if (!run->state) {
        run->state = begin(run);
        return run_work(run, TASK_SEARCH, find);
    }
    struct purge_archive *purge = run->state;
    if (purge->found == STORE_FAILED)
        return run_fail(run, &error_resource_constraint, "The store failed");
    if (purge->due.count == 0)
        return tell(run);
    service_wrote(run->service, store_due_delete(run->service->store, &purge->due));
    purge->deleted += purge->due.count;
    return run_work(run, TASK_SEARCH, find);
}

void purge_archive_free(void *state)
{
    struct purge_archive *purge = state;
    free(purge->address);
    free(purge);
}
