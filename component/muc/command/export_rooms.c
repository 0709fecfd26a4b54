/* export-rooms: rooms as lines of JSON. They are read in another thread, some rows at a time, while
 * people talk in them: a message that comes meanwhile may be in it or not. */

#include <stdlib.h>

#include "coven/mem.h"
#include "export_lines.h"
#include "handlers.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"
#include "transfer.h"

#define ROWS_A_STEP 60

static struct export_lines *begin(const struct run *run)
{
    struct export_lines *lines = mem_new(sizeof *lines);
    const json_t *rooms = json_object_get(run->args, "rooms");
    lines->domain = mem_string(run->service->settings.domain);
    lines->limits = run->service->settings.limits;
    lines->eras = run->service->era.eras;
    lines->now_ms = run->service->wall_ms;
    lines->names = rooms ? json_deep_copy(rooms) : NULL;
    lines->after = mem_string("");
    lines->rows = json_array();
    export_lines_head(lines);
    run_log(run, "exports rooms");
    return lines;
}

static void read(void *state, struct store *store)
{
    export_lines_read(state, store);
}

enum run_next export_rooms_tell(struct run *run)
{
    if (!run->state)
        run->state = begin(run);
    struct export_lines *lines = run->state;
    if (lines->missing)
        return run_fail(run, &error_item_not_found, "There is no room %s", lines->missing);
    if (lines->failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    if (!lines->saved) {
        lines->saved = unarchived_save_some(run->service);
        return RUN_GOES_ON;
    }
    if (!run_rows(run, lines->rows, &lines->told, ROWS_A_STEP))
        return RUN_GOES_ON;
    json_array_clear(lines->rows);
    lines->told = 0;
    return lines->over ? RUN_DONE : run_work(run, TASK_ADMIN, read);
}

void export_rooms_free(void *state)
{
    struct export_lines *lines = state;
    export_lines_close(lines);
    free(lines);
}
