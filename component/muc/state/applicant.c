#include "applicant.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "room.h"
#include "service_state.h"

#define DAY_MS INT64_C(86400000)
#define STEP   20 /* applicants removed in one tick */

void applicant_put(struct room *room, struct span bare, struct span nick)
{
    struct service *service = room->service;
    struct store_applicant row = {room->id, bare, nick, service->wall_ms};
    service_wrote(service, store_applicant_put(service->store, &row));
}

void applicant_remove(struct room *room, struct span bare)
{
    struct service *service = room->service;
    service_wrote(service, store_applicant_delete(service->store, room->id, bare));
}

static void ignore(void *user, const struct store_applicant *row)
{
    (void)user;
    (void)row;
}

bool applicant_is(const struct room *room, struct span bare)
{
    struct service *service = room->service;
    enum store_result result = store_applicant_get(service->store, room->id, bare, ignore, NULL);
    service_wrote(service, result);
    return result == STORE_OK;
}

bool applicant_is_full(const struct room *room)
{
    struct service *service = room->service;
    int64_t count = 0;
    unsigned most = service->settings.limits.applicants;
    service_wrote(service, store_applicants_count(service->store, room->id, most, &count));
    return count >= most;
}

/* ---- The end ---- */

struct old {
    unsigned count;
    struct {
        int64_t room;
        char *jid;
    } rows[STEP];
};

static void take(void *user, const struct store_applicant *row)
{
    struct old *old = user;
    old->rows[old->count].room = row->room;
    old->rows[old->count++].jid = mem_copy(row->jid.at, row->jid.len);
}

void applicant_tick(struct service *service)
{
    struct old old = {.count = 0};
    int64_t time = era_trusted_time(service) - service->settings.limits.applicant_days * DAY_MS;
    service_wrote(service, store_applicants_old(service->store, time, STEP, take, &old));
    for (unsigned i = 0; i < old.count; i++) {
        service_wrote(service, store_applicant_delete(service->store, old.rows[i].room,
                                                      span_of(old.rows[i].jid)));
        free(old.rows[i].jid);
    }
}
