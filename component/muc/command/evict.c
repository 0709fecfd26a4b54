#include "evict.h"

#include <stdlib.h>
#include <string.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "coven/string_list.h"
#include "muc/do/kick.h"
#include "muc/state/denial.h"
#include "muc/state/occupant.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"

#define JIDS_A_CHUNK  1000 /* read at once */
#define LEAVES_A_STEP 50   /* those who leave a room in one turn */

struct evict_place {
    char *jid, *room;
};

static void take_place(void *user, const struct store_trace *trace)
{
    struct evict *evict = user;
    evict->places = mem_resize(evict->places, (evict->count + 1) * sizeof *evict->places);
    evict->places[evict->count++] = (struct evict_place){mem_copy(trace->jid.at, trace->jid.len),
                                                         mem_copy(trace->room.at, trace->room.len)};
}

static struct span bare_of(const char *jid)
{
    return (struct span){jid, strcspn(jid, "/")};
}

/* Reads some of all sessions, and where those of the domain are. */
static void read_domain(struct evict *evict, struct store *store)
{
    struct string_list jids = {NULL, 0};
    enum store_result result =
        store_session_jids(store, span_of(evict->after), JIDS_A_CHUNK, string_list_take, &jids);
    evict->failed |= result == STORE_FAILED;
    evict->over = jids.count < JIDS_A_CHUNK;
    for (unsigned i = 0; i < jids.count; i++) {
        struct span bare = bare_of(jids.list[i]);
        bool again = i > 0 && span_equal(bare, bare_of(jids.list[i - 1]));
        if (!again && domain_covers(span_of(evict->address), domain_of(bare)))
            evict->failed |= store_traces_inside(store, bare, take_place, evict) == STORE_FAILED;
    }
    if (jids.count > 0) {
        free(evict->after);
        evict->after = mem_string(jids.list[jids.count - 1]);
    }
    string_list_free(&jids);
}

void evict_read(struct evict *evict, struct store *store)
{
    if (evict->is_domain) {
        read_domain(evict, store);
        return;
    }
    evict->failed =
        store_traces_inside(store, span_of(evict->address), take_place, evict) == STORE_FAILED;
    evict->over = true;
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
static bool leave_place(struct evict *evict, struct run *run, const struct evict_place *place,
                        bool denied)
{
    struct room *room = NULL;
    const struct denial *denial = denied ? denial_of(run->service, bare_of(place->jid)) : NULL;
    enum store_result found = room_load_begin(run->service, span_of(place->room), &room);
    if (found == STORE_OK && room->loading)
        return false;
    evict->failed |= found == STORE_FAILED;
    if (found == STORE_OK && (denial || !denied))
        put_out(room, place->jid, denial && *denial->reason ? denial->reason : NULL);
    return true;
}

static void free_place(struct evict_place *place)
{
    free(place->jid);
    free(place->room);
}

static void leave_some(struct evict *evict, struct run *run, bool denied)
{
    for (int i = 0; i < LEAVES_A_STEP && evict->at < evict->count; i++) {
        struct evict_place *place = &evict->places[evict->at];
        if (!leave_place(evict, run, place, denied))
            return;
        free_place(place);
        evict->at++;
    }
    if (evict->at == evict->count)
        evict->at = evict->count = 0;
}

enum run_next evict_step(struct evict *evict, struct run *run, bool denied)
{
    leave_some(evict, run, denied);
    if (evict->at < evict->count)
        return RUN_GOES_ON;
    if (evict->failed)
        return run_fail(run, &error_resource_constraint,
                        "The store cannot be read: some may still be inside");
    return evict->over ? RUN_DONE : RUN_WAITS;
}

void evict_open(struct evict *evict, const char *address)
{
    *evict = (struct evict){
        .address = mem_string(address),
        .is_domain = domain_is(span_of(address)),
        .after = mem_string(""),
    };
}

void evict_close(struct evict *evict)
{
    for (; evict->at < evict->count; evict->at++)
        free_place(&evict->places[evict->at]);
    free(evict->places);
    free(evict->address);
    free(evict->after);
}
