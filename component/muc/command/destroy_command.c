/* destroy and destroy-rooms (XEP-0045, 10.9). */

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "handlers.h"
#include "inner.h"
#include "muc/do/handlers.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "room_row.h"
#include "select.h"

static enum run_next destroy(struct run *run)
{
    xmpp_stanza_t *query = inner_element(run, "query", NS_MUC_OWNER);
    xmpp_stanza_t *element = inner_child(query, "destroy", NULL);
    const char *venue = run_text(run, "venue");
    if (venue)
        xmpp_stanza_set_attribute(element, "jid", venue);
    inner_text(element, "reason", run_text(run, "reason"));
    return inner_request(run, query, owner_set);
}

enum run_next destroy_one(struct run *run)
{
    return destroy(run);
}

/* ---- Many ---- */

/* What one step destroys: some milliseconds. */
#define ROOMS_A_STEP     5
#define OCCUPANTS_A_STEP 2000

struct destruction {
    struct select select;
    struct selected *rooms; /* that fit and are not dealt with yet */
    size_t count, at;
};

static bool take(void *user, struct selected *room, struct store *store)
{
    struct destruction *all = user;
    (void)store;
    all->rooms = mem_resize(all->rooms, (all->count + 1) * sizeof *all->rooms);
    all->rooms[all->count++] = *room;
    room->name = room->title = room->creator = NULL;
    return true;
}

static void read(void *state, struct store *store)
{
    struct destruction *all = state;
    all->count = all->at = 0;
    select_read(&all->select, store, take, all);
}

static json_t *row_of(const struct run *run, const struct selected *room)
{
    json_t *row = json_object();
    run_set(row, "room", json_sprintf("%s@%s", room->name, run->service->settings.domain));
    run_set(row, "title", run_json_text(span_of(room->title)));
    run_set(row, "occupants", json_integer(room->occupants));
    run_set(row, "last", run_json_time(room->last_ms / 1000 * 1000));
    return row;
}

/* Somebody may have entered the room since it was read, or made another one of that name. */
static bool is_still_meant(const struct destruction *all, const struct selected *room,
                           const struct room *now)
{
    return now->id == room->id && !(all->select.empty && now->occupants);
}

/* Returns the number of occupants who left. False: the room is not loaded yet. */
static bool destroy_selected(struct run *run, const struct selected *room, unsigned *left_r)
{
    struct destruction *all = run->state;
    enum store_result found = room_load_begin(run->service, span_of(room->name), &run->room);
    if (found == STORE_OK && run->room->loading)
        return false;
    all->select.failed |= found == STORE_FAILED;
    if (found != STORE_OK || !is_still_meant(all, room, run->room))
        return true;
    *left_r = run->room->sessions.count;
    if (destroy(run) == RUN_DONE)
        run_row(run, row_of(run, room));
    return true;
}

static void destroy_some(struct run *run)
{
    struct destruction *all = run->state;
    bool only_tells = run_flag(run, "dry_run");
    unsigned occupants = 0;
    for (int i = 0; i < ROOMS_A_STEP && all->at < all->count; i++) {
        struct selected *room = &all->rooms[all->at];
        unsigned left = 0;
        if (only_tells)
            run_row(run, row_of(run, room));
        else if (!destroy_selected(run, room, &left))
            return;
        selected_free(room);
        all->at++;
        occupants += left;
        if (occupants >= OCCUPANTS_A_STEP)
            return;
    }
}

static bool says_which(const struct run *run)
{
    static const char *const names[] = {"match", "state", "owner", "unused"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (json_object_get(run->args, names[i]))
            return true;
    }
    return false;
}

enum run_next destroy_many(struct run *run)
{
    if (!says_which(run))
        return run_fail(run, &error_bad_request,
                        "Say which rooms, by their name, state, owner or time without use");
    if (!run->state) {
        struct destruction *begun = run->state = mem_new(sizeof *begun);
        select_open(&begun->select, run);
        return run_work(run, TASK_ADMIN, read);
    }
    struct destruction *all = run->state;
    destroy_some(run);
    if (all->at < all->count)
        return RUN_GOES_ON;
    if (all->select.failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    return all->select.over ? RUN_DONE : run_work(run, TASK_ADMIN, read);
}

void destroy_many_free(void *state)
{
    struct destruction *all = state;
    for (; all->at < all->count; all->at++)
        selected_free(&all->rooms[all->at]);
    select_close(&all->select);
    free(all->rooms);
    free(all);
}
