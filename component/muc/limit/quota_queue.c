/* What waits for the server: who is refused so that it does not grow too long. */

#include <limits.h>
#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/state/request.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "quota_private.h"

#define BUSY_MS     50  /* that a room has to send, and everybody gets on with it */
#define SMALL_MS    500 /* what hardly anybody ever caused who only speaks, */
#define JOINS_TIMES 3   /* and so many times what nobody did who comes, and does not go again */
#define LOAD_SHARE  4   /* a user's part of the server: one in so many */
#define MODERATES   4   /* times as much of it may who moderates the room cause */

static unsigned kib_per_second(const struct service *service)
{
    uint64_t kib = service->speed / 1024;
    return kib < UINT_MAX ? (unsigned)kib : UINT_MAX;
}

/* What comes back of a user's load in a second, in KiB. */
unsigned quota_queue_rate(const struct service *service)
{
    return kib_per_second(service) / LOAD_SHARE;
}

/* How long the server would need for that much; 0: so far it was never seen to need any time. */
static int64_t time_for(const struct service *service, uint64_t kib)
{
    unsigned speed = kib_per_second(service);
    return speed > 0 ? (int64_t)(kib * 1000 / speed) : 0;
}

/* What was caused lately, and the share of the server's time has not made good. */
static int64_t time_owed(const struct service *service, const struct bucket *load)
{
    int64_t kib = bucket_missing(load, quota_queue_rate(service), service->mono_ms);
    return time_for(service, (uint64_t)kib);
}

/* What the user may have caused in all rooms when too much waits: who has little to do with it, or
 * is to put an end to it, is refused last of all. */
static int64_t share_of_memory(const struct request *request)
{
    int64_t most = (int64_t)request->service->settings.limits.user_queue_ms * MODERATES;
    return quota_exempts(request) && most > SMALL_MS ? most : SMALL_MS;
}

static const char *memory_refuses(const struct request *request)
{
    struct service *service = request->service;
    if (!outbox_is_full(service->outbox))
        return NULL;
    const struct bucket *load = &quota_user(service, jid_bare(&request->from))->load;
    bool innocent = service->speed > 0 ? time_owed(service, load) < share_of_memory(request)
                                       : quota_exempts(request);
    return innocent && !outbox_is_overfull(service->outbox) ? NULL : "queue_high_mib";
}

/* The more a room has to send, the less anybody may have to do with it who does not moderate it. */
static int64_t share_of_backlog(const struct service_limits *limits, int64_t backlog_ms)
{
    int64_t share = (int64_t)limits->user_queue_ms / 2 * limits->room_queue_ms / backlog_ms;
    return share > SMALL_MS ? share : SMALL_MS;
}

/* Who comes and goes and comes has everybody told of each; who only comes has caused nothing yet.
 */
static int64_t time_counted(const struct request *request)
{
    int64_t owed = time_owed(request->service, &quota_visit(request)->load);
    return quota_joins(request) ? owed * JOINS_TIMES : owed;
}

/* Roles, affiliations, the end of a room: that puts an end to what makes a queue long. */
static bool is_act(const struct request *request)
{
    static const char *const acts[] = {NS_MUC_ADMIN, NS_MUC_OWNER, NS_MODERATE};
    bool sets = request->kind == KIND_IQ && request->type && strcmp(request->type, "set") == 0;
    for (size_t i = 0; sets && request->payload && i < sizeof acts / sizeof *acts; i++) {
        if (stanza_is(request->payload, NULL, acts[i]))
            return true;
    }
    return false;
}

/* Has the user a flood in so many rooms that it is small in each? To enter many at once is none. */
static bool floods_many(const struct request *request, int64_t most)
{
    struct service *service = request->service;
    const struct bucket *load = &quota_user(service, jid_bare(&request->from))->load;
    return !quota_joins(request) && time_owed(service, load) > most * MODERATES;
}

static const char *room_queue_refuses(const struct request *request)
{
    const struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    int64_t backlog = time_for(service, lane_load(request->room->lane) / 1024);
    bool exempt = quota_exempts(request);
    if (backlog <= BUSY_MS || (exempt && is_act(request)))
        return NULL;
    int64_t owed = time_counted(request), most = limits->user_queue_ms;
    if (most > 0 && (owed > most * (exempt ? MODERATES : 1) || floods_many(request, most)))
        return "user_queue_ms";
    if (!exempt && limits->room_queue_ms > 0 && backlog > limits->room_queue_ms &&
        owed > share_of_backlog(limits, backlog))
        return "room_queue_ms";
    return NULL;
}

const char *quota_queue_refuses(const struct request *request)
{
    const char *limit = request->room ? room_queue_refuses(request) : NULL;
    return limit ? limit : memory_refuses(request);
}
