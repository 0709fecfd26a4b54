#include "tombstone.h"

#include <stdlib.h>

#include "affiliation.h"
#include "coven/domain.h"
#include "coven/mem.h"
#include "coven/string_list.h"
#include "service_state.h"

#define DAY_MS     INT64_C(86400000)
#define OWNERS_MAX 1000 /* that a tombstone remembers */
#define STEP       10   /* tombstones removed in one tick, with their owners: some milliseconds */

/* Tombstones from before this time are over. */
static int64_t end_of_old(const struct service *service)
{
    return era_trusted_time(service) - service->settings.tombstone_days * DAY_MS;
}

static void discard(struct service *service, struct span node)
{
    service_wrote(service, store_tombstone_delete(service->store, node));
    service->rooms_stored.tombstones--;
}

/* ---- A room is destroyed ---- */

static bool is_due(const struct room *room)
{
    const struct service_settings *settings = &room->service->settings;
    bool wanted = settings->tombstone_days > 0 && settings->limits.tombstones > 0;
    return wanted && room->config.persistent && !room_is_locked(room);
}

/* No user keeps all names by creating and destroying rooms. Admins of the service are exempt: their
 * accounts may be those of bridges. Two at a time, because the limit may have been lowered. */
static void trim(struct service *service, struct span creator)
{
    unsigned most = service->settings.limits.user_tombstones;
    for (int i = 0; i < 2 && !domain_lists(service->settings.admins, creator); i++) {
        struct string_list names = {NULL, 0};
        service_wrote(service,
                      store_tombstone_of(service->store, creator, most, string_list_take, &names));
        if (names.count > 0)
            discard(service, span_of(names.list[0]));
        string_list_free(&names);
    }
}

static void put_owners(const struct room *room)
{
    struct service *service = room->service;
    const struct affiliation_entry *owner = room->rolls[AFFILIATION_OWNER].first;
    for (unsigned left = OWNERS_MAX; owner && left > 0; owner = owner->next, left--)
        service_wrote(service, store_tombstone_put_owner(service->store, room_node(room),
                                                         span_of(owner->jid)));
}

void tombstone_leave(const struct room *room, struct span venue, struct span reason)
{
    struct service *service = room->service;
    struct store_tombstone row = {
        .name = room_node(room),
        .creator = span_of(room->creator),
        .destroyed = service->wall_ms,
        .venue = venue,
        .reason = reason,
    };
    if (!is_due(room))
        return;
    service_wrote(service, store_tombstone_put(service->store, &row));
    put_owners(room);
    service->rooms_stored.tombstones++;
    trim(service, row.creator);
}

/* ---- Somebody comes ---- */

struct found {
    struct tombstone *tombstone;
    int64_t destroyed;
};

static void take(void *user, const struct store_tombstone *row)
{
    struct found *found = user;
    found->destroyed = row->destroyed;
    *found->tombstone = (struct tombstone){
        .venue = mem_copy(row->venue.at, row->venue.len),
        .reason = mem_copy(row->reason.at, row->reason.len),
    };
}

/* Without any tombstone, nothing is read. */
static enum store_result find(struct service *service, struct span node, struct found *found)
{
    return service->rooms_stored.tombstones > 0
               ? store_tombstone_get(service->store, node, take, found)
               : STORE_NOTHING;
}

enum store_result tombstone_find(struct service *service, struct span node,
                                 struct tombstone *tombstone_r)
{
    struct tombstone tombstone = {NULL, NULL};
    struct found found = {.tombstone = &tombstone};
    enum store_result result = find(service, node, &found);
    if (result == STORE_OK && found.destroyed < end_of_old(service))
        result = STORE_NOTHING;
    if (result == STORE_OK)
        *tombstone_r = tombstone;
    else
        tombstone_free(&tombstone);
    return result;
}

void tombstone_free(struct tombstone *tombstone)
{
    free(tombstone->venue);
    free(tombstone->reason);
}

static bool is_listed(struct service *service, struct span node, struct span jid)
{
    enum store_result result = store_tombstone_owner(service->store, node, jid);
    service_wrote(service, result);
    return result == STORE_OK;
}

/* A domain may be an owner, too. */
bool tombstone_is_owner(struct service *service, struct span node, struct span bare)
{
    struct span domain = domain_of(bare);
    if (domain_lists(service->settings.admins, bare) || is_listed(service, node, bare))
        return true;
    do {
        if (is_listed(service, node, domain))
            return true;
    } while (domain_rise(&domain));
    return false;
}

/* ---- The end ---- */

void tombstone_remove(struct service *service, struct span node)
{
    struct tombstone tombstone = {NULL, NULL};
    struct found found = {.tombstone = &tombstone};
    enum store_result result = find(service, node, &found);
    service_wrote(service, result);
    if (result == STORE_OK)
        discard(service, node);
    tombstone_free(&tombstone);
}

static bool remove_oldest(struct service *service)
{
    bool crowded = service->rooms_stored.tombstones > service->settings.limits.tombstones;
    struct string_list names = {NULL, 0};
    service_wrote(service,
                  store_tombstone_oldest(service->store, crowded ? INT64_MAX : end_of_old(service),
                                         string_list_take, &names));
    bool found = names.count > 0;
    if (found)
        discard(service, span_of(names.list[0]));
    string_list_free(&names);
    return found;
}

bool tombstone_tick(struct service *service)
{
    for (int i = 0; i < STEP; i++) {
        if (service->rooms_stored.tombstones == 0 || !remove_oldest(service))
            return true;
    }
    return false;
}
