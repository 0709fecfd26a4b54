#include "quota.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/request.h"
#include "muc/state/service_state.h"
#include "quota_private.h"

#define HISTORY_BURST 10    /* all clients of a user may reconnect at once */
#define SPEAKERS_MS   10000 /* how long a user counts as a speaker after a message */
#define INVITE_TOKENS 3600

struct quota *quota_new(void)
{
    struct quota *quota = mem_new(sizeof *quota);
    quota->users.size = sizeof(struct user_quota);
    quota->visits.size = sizeof(struct visit_quota);
    return quota;
}

void quota_free(struct quota *quota)
{
    quota_table_free(&quota->users);
    quota_table_free(&quota->visits);
    free(quota);
}

/* ---- Entries ---- */

#define SPREAD 2654435761u /* spreads consecutive room ids over all hashes */

struct user_quota *quota_user(struct service *service, struct span bare)
{
    return (struct user_quota *)quota_table_entry(&service->quota->users,
                                                  hash_span(&service->seed, bare));
}

struct visit_quota *quota_visit(const struct request *request)
{
    const struct service *service = request->service;
    unsigned user = hash_span(&service->seed, jid_bare(&request->from));
    uint64_t key = (uint64_t)user << 32 | (user ^ (unsigned)request->room->id * SPREAD);
    return (struct visit_quota *)quota_table_entry(&service->quota->visits, key);
}

/* Returns whether the bucket is full again. Without a rate nothing is counted. */
static bool is_full(const struct bucket *bucket, unsigned rate, int64_t now)
{
    return rate == 0 || bucket_missing(bucket, rate, now) == 0;
}

static bool user_is_done(struct quota_entry *entry, void *user)
{
    struct user_quota *quota = (struct user_quota *)entry;
    const struct service *service = user;
    const struct service_limits *limits = &service->settings.limits;
    int64_t now = service->mono_ms;
    return is_full(&quota->stanzas, limits->user_rate, now) &&
           is_full(&quota->answers, limits->answer_rate, now) &&
           is_full(&quota->refusals, limits->refusal_rate, now) &&
           is_full(&quota->invites, limits->hour_invites, now) &&
           is_full(&quota->load, quota_queue_rate(service), now);
}

static bool visit_is_done(struct quota_entry *entry, void *user)
{
    struct visit_quota *quota = (struct visit_quota *)entry;
    const struct service *service = user;
    const struct service_limits *limits = &service->settings.limits;
    int64_t now = service->mono_ms;
    return is_full(&quota->stanzas, limits->visit_rate, now) && is_full(&quota->history, 1, now) &&
           is_full(&quota->load, quota_queue_rate(service), now) &&
           now - quota->spoke_ms >= 2 * SPEAKERS_MS;
}

void quota_tick(struct service *service)
{
    quota_table_sweep(&service->quota->users, user_is_done, service);
    quota_table_sweep(&service->quota->visits, visit_is_done, service);
}

/* ---- Rates ---- */

/* A user outside joins with any presence, an occupant again with the muc element (17.3). */
bool quota_joins(const struct request *request)
{
    return request->kind == KIND_PRESENCE &&
           (!request->session || stanza_child(request->stanza, "x", NS_MUC));
}

/* Users of the local domains get larger quotas. */
static unsigned factor_for(const struct service *service, struct span bare)
{
    bool own = domain_lists(service->settings.local_domains, bare);
    return own ? service->settings.limits.own_domain_factor : 1;
}

/* Multiplies, and saturates at UINT_MAX. */
static unsigned times(unsigned number, unsigned factor)
{
    uint64_t product = (uint64_t)number * factor;
    return product < UINT_MAX ? (unsigned)product : UINT_MAX;
}

static bool take(struct service *service, struct bucket *bucket, unsigned factor, unsigned rate,
                 unsigned burst)
{
    return bucket_take(bucket, times(rate, factor), times(burst, factor), service->mono_ms);
}

/* A join is broadcast to all occupants, and all of them are sent to the newcomer. It costs as many
 * tokens as its load justifies; in practice nobody joins often. */
#define JOIN_TOKENS 5

static bool take_visit(const struct request *request, struct visit_quota *visit, unsigned factor)
{
    struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    if (!take(service, &visit->stanzas, factor, limits->visit_rate, limits->visit_burst))
        return false;
    if (quota_joins(request) && limits->visit_rate > 0)
        bucket_spend(&visit->stanzas, times(limits->visit_rate, factor), JOIN_TOKENS - 1,
                     service->mono_ms);
    return true;
}

/* Chat states and receipts do not count against the room's rate: every reader sends them. */
static bool says_something(const struct request *request)
{
    return request->kind != KIND_MESSAGE || stanza_says(request->stanza, "body", NS_CLIENT);
}

/* The room's rate is shared by all who speak in it: when it is used up, each speaker still gets a
 * part. */
static bool room_takes(const struct request *request, struct visit_quota *visit)
{
    struct room *room = request->room;
    int64_t now = request->service->mono_ms;
    unsigned rate = request->service->settings.limits.room_rate;
    unsigned burst = request->service->settings.limits.room_burst;
    if (rate == 0 || !says_something(request))
        return true;
    if (now - room->speakers_ms >= SPEAKERS_MS) {
        bool lately = now - room->speakers_ms < 2 * SPEAKERS_MS;
        room->speakers_before = lately ? room->speakers : 0;
        room->speakers = 0;
        room->speakers_ms = now;
    }
    unsigned speakers =
        room->speakers > room->speakers_before ? room->speakers : room->speakers_before;
    bool own_part = now - visit->spoke_ms >= (int64_t)(speakers + 1) * 1000 / rate;
    if (!bucket_take(&room->bucket, rate, burst, now) && !own_part)
        return false;
    room->speakers += visit->spoke_ms < room->speakers_ms;
    visit->spoke_ms = now;
    return true;
}

/* ---- Requests ---- */

bool quota_exempts(const struct request *request)
{
    struct span bare = jid_bare(&request->from);
    if (request->session)
        return request->session->occupant->role == ROLE_MODERATOR;
    if (request->room)
        return affiliation_in(request->room, bare) >= AFFILIATION_ADMIN;
    return domain_lists(request->service->settings.admins, bare);
}

/* Messages and available presence: others see them, and the sender decides how many there are. */
static bool is_broadcast(const struct request *request)
{
    if (request->kind == KIND_PRESENCE)
        return !request->type;
    return request->kind == KIND_MESSAGE && !(request->type && strcmp(request->type, "error") == 0);
}

/* Requests that are answered to the sender alone. */
static bool is_question(const struct request *request)
{
    if (request->kind == KIND_PRESENCE)
        return request->type && strcmp(request->type, "probe") == 0;
    return request->kind == KIND_IQ && request->type &&
           (strcmp(request->type, "get") == 0 || strcmp(request->type, "set") == 0);
}

static const char *rates_refuse(const struct request *request)
{
    struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    struct span bare = jid_bare(&request->from);
    if (limits->user_rate == 0 && limits->visit_rate == 0 && limits->room_rate == 0)
        return NULL;
    unsigned factor = factor_for(service, bare);
    if (!take(service, &quota_user(service, bare)->stanzas, factor, limits->user_rate,
              limits->user_burst))
        return "user_rate";
    if (!request->room)
        return NULL;
    struct visit_quota *visit = quota_visit(request);
    if (!take_visit(request, visit, factor))
        return "visit_rate";
    return quota_joins(request) || room_takes(request, visit) ? NULL : "room_rate";
}

static const char *answers_refuse(const struct request *request)
{
    struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    struct span bare = jid_bare(&request->from);
    unsigned factor = factor_for(service, bare);
    bool enough =
        bucket_has(&quota_user(service, bare)->answers, times(limits->answer_rate, factor),
                   times(limits->answer_burst, factor), service->mono_ms);
    return enough ? NULL : "answer_rate";
}

/* Joins and requests need more memory. Moderators are let through, so that they can act. */
static bool needs_memory(const struct request *request)
{
    bool enters = request->kind == KIND_PRESENCE && !request->type;
    return (enters || is_question(request)) && !quota_exempts(request);
}

const char *quota_refuses(const struct request *request)
{
    if (request->service->tight && needs_memory(request))
        return "memory_mib";
    if (is_question(request))
        return answers_refuse(request) ? "answer_rate" : quota_queue_refuses(request);
    if (!is_broadcast(request))
        return NULL;
    const char *limit = quota_queue_refuses(request);
    return limit || quota_exempts(request) ? limit : rates_refuse(request);
}

const char *quota_refuses_visit(const struct request *request)
{
    return quota_exempts(request) ? NULL : rates_refuse(request);
}

static void spend(const struct service *service, struct bucket *bucket, unsigned rate,
                  uint64_t amount)
{
    uint32_t tokens = amount < UINT32_MAX ? (uint32_t)amount : UINT32_MAX;
    if (tokens > 0)
        bucket_spend(bucket, rate, tokens, service->mono_ms);
}

static uint64_t kib_since(const struct service *service, const struct outbox_tally *since)
{
    return (outbox_tally(service->outbox).load - since->load + 1023) / 1024;
}

void quota_charge(struct service *service, struct span bare, const struct outbox_tally *since)
{
    if (service->speed == 0 && service->settings.limits.answer_rate == 0)
        return;
    struct user_quota *user = quota_user(service, bare);
    unsigned rate = times(service->settings.limits.answer_rate, factor_for(service, bare));
    spend(service, &user->answers, rate, outbox_tally(service->outbox).answers - since->answers);
    if (service->speed > 0)
        spend(service, &user->load, quota_queue_rate(service), kib_since(service, since));
}

void quota_charge_request(const struct request *request, const struct outbox_tally *since)
{
    struct service *service = request->service;
    quota_charge(service, jid_bare(&request->from), since);
    if (service->speed > 0 && request->room)
        spend(service, &quota_visit(request)->load, quota_queue_rate(service),
              kib_since(service, since));
}

/* ---- Single things ---- */

bool quota_allows_history(const struct request *request)
{
    struct service *service = request->service;
    unsigned seconds = service->settings.limits.history_seconds;
    if (seconds == 0)
        return true;
    /* Each history costs `seconds` tokens, and one token comes back in a second. */
    struct bucket *history = &quota_visit(request)->history;
    if (!bucket_has(history, 1, HISTORY_BURST * seconds, service->mono_ms) ||
        answers_refuse(request))
        return false;
    bucket_spend(history, 1, seconds, service->mono_ms);
    return true;
}

/* An invitation costs INVITE_TOKENS tokens, and a second brings back as many tokens as the limit
 * allows invitations in an hour. A full bucket holds the invitations of one hour. */
bool quota_allows_invites(struct service *service, struct span bare, unsigned count)
{
    unsigned each_hour = times(service->settings.limits.hour_invites, factor_for(service, bare));
    struct bucket *invites = &quota_user(service, bare)->invites;
    bool admin = domain_lists(service->settings.admins, bare);
    if (each_hour == 0 || admin)
        return true;
    int64_t missing = bucket_missing(invites, each_hour, service->mono_ms);
    if (missing + (int64_t)count * INVITE_TOKENS > (int64_t)each_hour * INVITE_TOKENS)
        return false;
    bucket_spend(invites, each_hour, count * INVITE_TOKENS, service->mono_ms);
    return true;
}

/* ---- Waiting ---- */

static int64_t wait_of_user(const struct request *request)
{
    struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    struct span bare = jid_bare(&request->from);
    unsigned factor = factor_for(service, bare);
    return bucket_wait(&quota_user(service, bare)->stanzas, times(limits->user_rate, factor),
                       times(limits->user_burst, factor), service->mono_ms);
}

static int64_t wait_of_visit(const struct request *request)
{
    const struct service_limits *limits = &request->service->settings.limits;
    unsigned factor = factor_for(request->service, jid_bare(&request->from));
    return bucket_wait(&quota_visit(request)->stanzas, times(limits->visit_rate, factor),
                       times(limits->visit_burst, factor), request->service->mono_ms);
}

static int64_t wait_of_room(const struct request *request)
{
    const struct service_limits *limits = &request->service->settings.limits;
    return bucket_wait(&request->room->bucket, limits->room_rate, limits->room_burst,
                       request->service->mono_ms);
}

static int64_t wait_of_answers(const struct request *request)
{
    struct service *service = request->service;
    const struct service_limits *limits = &service->settings.limits;
    struct span bare = jid_bare(&request->from);
    unsigned factor = factor_for(service, bare);
    return bucket_wait(&quota_user(service, bare)->answers, times(limits->answer_rate, factor),
                       times(limits->answer_burst, factor), service->mono_ms);
}

unsigned quota_wait_seconds(const struct request *request)
{
    static const struct {
        const char *limit;
        int64_t (*wait)(const struct request *request);
    } rates[] = {
        {"user_rate", wait_of_user},
        {"visit_rate", wait_of_visit},
        {"room_rate", wait_of_room},
        {"answer_rate", wait_of_answers},
    };
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        if (strcmp(rates[i].limit, request->limit) == 0)
            return (unsigned)((rates[i].wait(request) + 999) / 1000);
    }
    return 0;
}

/* ---- Refusals ---- */

bool quota_allows_refusal(const struct request *request)
{
    struct service *service = request->service;
    struct span bare = jid_bare(&request->from);
    return take(service, &quota_user(service, bare)->refusals, factor_for(service, bare),
                service->settings.limits.refusal_rate, service->settings.limits.refusal_burst);
}
