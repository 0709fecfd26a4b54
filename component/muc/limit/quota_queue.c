/* Refusals that keep the queue to the server short. */

#include <limits.h>
#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/state/request.h"
#include "muc/state/service_state.h"
#include "quota_private.h"

#define IDLE_BACKLOG_MS  50  /* a room with less queued refuses nobody */
#define TOLERATED_MS     500 /* of owed time; a user who only talks rarely owes more */
#define JOIN_FACTOR      3   /* how often a join counts: the user may leave and join again */
#define LOAD_SHARE       4   /* a user's share of the server is one part in this many */
#define MODERATOR_FACTOR 4   /* a moderator may cause this many times as much */

static unsigned kib_per_second(const struct service *service)
{
    uint64_t kib = service->speed / 1024;
    return kib < UINT_MAX ? (unsigned)kib : UINT_MAX;
}

unsigned quota_queue_rate(const struct service *service)
{
    return kib_per_second(service) / LOAD_SHARE;
}

/* Returns the milliseconds that the server needs for that load; 0 if its speed is not known yet. */
static int64_t time_for(const struct service *service, uint64_t kib)
{
    unsigned speed = kib_per_second(service);
    return speed > 0 ? (int64_t)(kib * 1000 / speed) : 0;
}

/* Returns the milliseconds of server time that a user caused beyond the share of a user. */
static int64_t time_owed(const struct service *service, const struct bucket *load)
{
    int64_t kib = bucket_missing(load, quota_queue_rate(service), service->mono_ms);
    return time_for(service, (uint64_t)kib);
}

/* The server time that a user may owe while the outbox is full. Users who caused little of the
 * backlog, and moderators, who can put an end to it, are refused last. */
static int64_t tolerated_when_full(const struct request *request)
{
    int64_t most = (int64_t)request->service->settings.limits.user_queue_ms * MODERATOR_FACTOR;
    return quota_exempts(request) && most > TOLERATED_MS ? most : TOLERATED_MS;
}

static const char *full_outbox_refuses(const struct request *request)
{
    struct service *service = request->service;
    if (!outbox_is_full(service->outbox))
        return NULL;
    const struct bucket *load = &quota_user(service, jid_bare(&request->from))->load;
    bool innocent = service->speed > 0 ? time_owed(service, load) < tolerated_when_full(request)
                                       : quota_exempts(request);
    return innocent && !outbox_is_overfull(service->outbox) ? NULL : "queue_high_mib";
}

/* The server time that a user may owe in a room with that backlog: the longer the backlog, the
 * less. */
static int64_t tolerated_in_backlog(const struct service_limits *limits, int64_t backlog_ms)
{
    int64_t share = (int64_t)limits->user_queue_ms / 2 * limits->room_queue_ms / backlog_ms;
    return share > TOLERATED_MS ? share : TOLERATED_MS;
}

/* Each join and leave is broadcast, so a join counts as if the user left and joined again. A user's
 * first join counts nothing. */
static int64_t time_owed_in_room(const struct request *request)
{
    int64_t owed = time_owed(request->service, &quota_visit(request)->load);
    return quota_joins(request) ? owed * JOIN_FACTOR : owed;
}

/* Returns whether the request acts against a flood: it changes roles, affiliations or
 * configuration, destroys the room, or retracts messages. */
static bool is_countermeasure(const struct request *request)
{
    static const char *const namespaces[] = {NS_MUC_ADMIN, NS_MUC_OWNER, NS_MODERATE, NS_FASTEN};
    bool sets = request->kind == KIND_IQ && request->type && strcmp(request->type, "set") == 0;
    for (size_t i = 0; sets && request->payload && i < sizeof namespaces / sizeof *namespaces;
         i++) {
        if (stanza_is(request->payload, NULL, namespaces[i]))
            return true;
    }
    return false;
}

/* Returns whether the user floods so many rooms that the flood is small in each. Entering many
 * rooms at once is no flood. */
static bool floods_many(const struct request *request, int64_t most)
{
    struct service *service = request->service;
    const struct bucket *load = &quota_user(service, jid_bare(&request->from))->load;
    return !quota_joins(request) && time_owed(service, load) > most * MODERATOR_FACTOR;
}

static const char *room_queue_refuses(const struct request *request)
{
    const struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    int64_t backlog = time_for(service, lane_load(request->room->lane) / 1024);
    bool exempt = quota_exempts(request);
    if (backlog <= IDLE_BACKLOG_MS || (exempt && is_countermeasure(request)))
        return NULL;
    int64_t owed = time_owed_in_room(request), most = limits->user_queue_ms;
    if (most > 0 && (owed > most * (exempt ? MODERATOR_FACTOR : 1) || floods_many(request, most)))
        return "user_queue_ms";
    if (!exempt && limits->room_queue_ms > 0 && backlog > limits->room_queue_ms &&
        owed > tolerated_in_backlog(limits, backlog))
        return "room_queue_ms";
    return NULL;
}

const char *quota_queue_refuses(const struct request *request)
{
    const char *limit = request->room ? room_queue_refuses(request) : NULL;
    return limit ? limit : full_outbox_refuses(request);
}
