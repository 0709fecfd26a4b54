/* What rooms keep of a user: affiliation, nickname, request for registration, creator. */

#include <stdlib.h>

#include "coven/mem.h"
#include "muc/do/affiliate.h"
#include "muc/state/affiliation.h"
#include "muc/state/applicant.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "purge.h"

#define ROOMS_A_STEP 5

/* Does something in one room, which is loaded. */
typedef void room_purger(struct run *run, struct room *room);

/* Visits rooms of the list; a dry run counts them. */
static enum run_next visit(struct run *run, const struct string_list *rooms, room_purger *work)
{
    struct purge *purge = run->state;
    for (int i = 0; i < ROOMS_A_STEP && purge->at < rooms->count; i++) {
        struct room *room = NULL;
        struct span name = span_of(rooms->list[purge->at]);
        enum store_result found = room_load_begin(run->service, name, &room);
        if (found == STORE_OK && room->loading)
            return RUN_GOES_ON;
        if (found == STORE_FAILED) {
            purge->failed = true;
            return RUN_GOES_ON;
        }
        if (found == STORE_OK)
            work(run, room);
        purge->at++;
    }
    return purge->at < rooms->count ? RUN_GOES_ON : RUN_DONE;
}

/* A room must have an owner: in the end that is the service, that is to say operators. */
static void adopt(struct run *run, struct room *room)
{
    struct purge *purge = run->state;
    struct span domain = span_of(run->service->settings.domain);
    if (room_is_gone(room) || room->rolls[AFFILIATION_OWNER].count > 0)
        return;
    affiliate_user(room, domain, AFFILIATION_OWNER, &(struct change){.actor = NULL});
    json_array_append_new(purge->orphans, json_string(room->address));
}

static void forget_affiliation(struct run *run, struct room *room)
{
    struct purge *purge = run->state;
    struct span bare = span_of(purge->jid);
    if (!affiliation_entry(room, bare))
        return;
    purge->affiliations++;
    if (purge->only_counts)
        return;
    affiliate_user(room, bare, AFFILIATION_NONE, &(struct change){.nick = ""});
    adopt(run, room);
}

enum run_next purge_affiliations(struct run *run)
{
    struct purge *purge = run->state;
    return visit(run, &purge->affiliated, forget_affiliation);
}

static void forget_application(struct run *run, struct room *room)
{
    struct purge *purge = run->state;
    purge->applications++;
    if (!purge->only_counts)
        applicant_remove(room, span_of(purge->jid));
}

enum run_next purge_applications(struct run *run)
{
    struct purge *purge = run->state;
    return visit(run, &purge->applied, forget_application);
}

static void forget_creator(struct run *run, struct room *room)
{
    room_touch(room);
    free(room->creator);
    room->creator = mem_string(run->service->settings.domain);
}

/* Also where the user is among the owners of a room that was destroyed. */
enum run_next purge_created(struct run *run)
{
    struct purge *purge = run->state;
    if (purge->only_counts)
        return RUN_DONE;
    if (!purge->replaced)
        service_wrote(run->service, store_creator_replace(run->service->store, span_of(purge->jid),
                                                          span_of(run->service->settings.domain)));
    purge->replaced = true;
    return visit(run, &purge->created, forget_creator);
}
