/* deny, allow, denied: who may not use the service at all. */

#include <stdlib.h>
#include <utlist.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "coven/string_list.h"
#include "handlers.h"
#include "muc/do/kick.h"
#include "muc/state/denial.h"
#include "muc/state/occupant.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"

#define JIDS_A_CHUNK  1000 /* read at once */
#define LEAVES_A_STEP 50   /* those who leave a room in one turn */
#define ROWS_A_STEP   500

/* ---- deny: the entry first, then those inside leave ---- */

/* Where somebody is inside. */
struct place {
    char *jid, *room;
};

struct denying {
    char *address;
    bool is_domain;
    char *after; /* the last full JID that was read */
    bool over, failed;
    struct string_list jids;
    struct place *places;
    size_t count, at;
};

static void take_place(void *user, const struct store_trace *trace)
{
    struct denying *denying = user;
    denying->places = mem_resize(denying->places, (denying->count + 1) * sizeof *denying->places);
    denying->places[denying->count++] = (struct place){mem_copy(trace->jid.at, trace->jid.len),
                                                       mem_copy(trace->room.at, trace->room.len)};
}

static struct span bare_of(const char *jid)
{
    return (struct span){jid, strcspn(jid, "/")};
}

/* Reads some of all sessions, and where those of the domain are. */
static void read_domain(struct denying *denying, struct store *store)
{
    struct string_list jids = {NULL, 0};
    enum store_result result =
        store_session_jids(store, span_of(denying->after), JIDS_A_CHUNK, string_list_take, &jids);
    denying->failed = result == STORE_FAILED;
    denying->over = jids.count < JIDS_A_CHUNK;
    for (unsigned i = 0; i < jids.count; i++) {
        struct span bare = bare_of(jids.list[i]);
        if (domain_covers(span_of(denying->address), domain_of(bare)))
            store_traces_inside(store, bare, take_place, denying);
    }
    if (jids.count > 0) {
        free(denying->after);
        denying->after = mem_string(jids.list[jids.count - 1]);
    }
    string_list_free(&jids);
}

static void read(void *state, struct store *store)
{
    struct denying *denying = state;
    if (denying->is_domain) {
        read_domain(denying, store);
        return;
    }
    denying->failed =
        store_traces_inside(store, span_of(denying->address), take_place, denying) == STORE_FAILED;
    denying->over = true;
}

static void put_out(struct room *room, const char *jid, const char *reason)
{
    struct session *session = session_find(room, span_of(jid));
    if (!session)
        return;
    kick_tell(session->occupant, NULL, reason);
    kick_remove(session->occupant, NULL, reason);
}

/* False: the room is not loaded yet. */
static bool leave_place(struct run *run, const struct place *place)
{
    struct room *room = NULL;
    const struct denial *denial = denial_of(run->service, bare_of(place->jid));
    enum store_result found = room_load_begin(run->service, span_of(place->room), &room);
    if (found == STORE_OK && room->loading)
        return false;
    if (found == STORE_OK && denial)
        put_out(room, place->jid, *denial->reason ? denial->reason : NULL);
    return true;
}

static void leave_some(struct run *run)
{
    struct denying *denying = run->state;
    for (int i = 0; i < LEAVES_A_STEP && denying->at < denying->count; i++) {
        struct place *place = &denying->places[denying->at];
        if (!leave_place(run, place))
            return;
        free(place->jid);
        free(place->room);
        denying->at++;
    }
    if (denying->at == denying->count)
        denying->at = denying->count = 0;
}

static enum run_next begin(struct run *run)
{
    struct service *service = run->service;
    const char *address = run_text(run, "address"), *reason = run_text(run, "reason");
    unsigned limit = service->settings.limits.denials;
    int64_t seconds = run_number(run, "for", 0);
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
    struct denying *denying = run->state = mem_new(sizeof *denying);
    denying->address = mem_string(address);
    denying->is_domain = domain_is(span_of(address));
    denying->after = mem_string("");
    return RUN_GOES_ON;
}

enum run_next deny_begin(struct run *run)
{
    if (!run->state)
        return begin(run);
    struct denying *denying = run->state;
    leave_some(run);
    if (denying->at < denying->count)
        return RUN_GOES_ON;
    if (denying->failed)
        return run_fail(run, &error_resource_constraint,
                        "The store cannot be read: some may still be inside");
    return denying->over ? RUN_DONE : run_work(run, TASK_ADMIN, read);
}

void deny_free(void *state)
{
    struct denying *denying = state;
    for (; denying->at < denying->count; denying->at++) {
        free(denying->places[denying->at].jid);
        free(denying->places[denying->at].room);
    }
    free(denying->places);
    free(denying->address);
    free(denying->after);
    free(denying);
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
