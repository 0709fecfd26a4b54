/* The service: its creation, its turns, and how a stanza is handled. */

#include "coven/service.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "coven/stanza.h"
#include "coven/string_list.h"
#include "muc/command/adhoc.h"
#include "muc/command/runs.h"
#include "muc/do/leave.h"
#include "muc/do/private_bounce.h"
#include "muc/do/relay.h"
#include "muc/do/room_end.h"
#include "muc/do/room_unlock.h"
#include "muc/limit/invited.h"
#include "muc/limit/limit_log.h"
#include "muc/limit/quota.h"
#include "muc/limit/tasks.h"
#include "muc/limit/top.h"
#include "muc/recovery/ghosts.h"
#include "muc/recovery/question.h"
#include "muc/recovery/recovery.h"
#include "muc/say/answer.h"
#include "muc/say/presence.h"
#include "muc/state/applicant.h"
#include "muc/state/denial.h"
#include "muc/state/occupant.h"
#include "muc/state/room_life.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"
#include "muc/state/unarchived.h"
#include "park.h"
#include "retention.h"
#include "route.h"

struct service *service_new(const struct service_settings *settings, struct store *store,
                            struct outbox *outbox, const struct hash_seed *seed)
{
    struct service *service = mem_new(sizeof *service);
    service->settings = *settings;
    service->calls =
        (struct service_calls){.render = presence_render, .entered = question_note_alive};
    service->store = store;
    service->outbox = outbox;
    service->seed = *seed;
    service->lane = outbox_lane(outbox, span_of(""));
    service->mac = occupant_id_mac();
    service->quota = quota_new();
    service->limit_log = mem_new(sizeof *service->limit_log);
    service->invited = mem_new(sizeof *service->invited);
    service->tasks = mem_new(sizeof *service->tasks);
    service->relays = mem_new(sizeof *service->relays);
    service->whispers = mem_new(sizeof *service->whispers);
    service->questions = mem_new(sizeof *service->questions);
    service->ghosts = mem_new(sizeof *service->ghosts);
    service->recovery = recovery_new();
    service->parking = mem_new(sizeof *service->parking);
    runs_open(service);
    denial_open(service);
    service->top = top_new();
    adhoc_open(service);
    service->turn = 1;
    service->started_ms = -1;
    era_init(service);
    journal_init(service);
    struct store_summary summary = {0};
    service_wrote(service, store_summary(store, &summary));
    service->rooms_stored =
        (struct room_counts){summary.rooms, summary.listed, summary.tombstones, summary.sessions};
    service->rooms_kept = service->rooms_stored;
    return service;
}

void service_configure(struct service *service, const struct service_settings *settings)
{
    service->settings = *settings;
    service->retention_ms = 0;
}

const char *service_domain(const struct service *service)
{
    return service->settings.domain;
}

void service_free(struct service *service)
{
    for (struct table_link *link; (link = table_any(&service->rooms));)
        room_life_free(TABLE_ITEM(link, struct room, link));
    relays_free(service);
    park_free(service);
    tasks_free(service);
    adhoc_free(service);
    runs_free(service);
    recovery_free(service);
    question_free(service);
    ghosts_free(service);
    private_bounce_free(service);
    quota_free(service->quota);
    limit_log_free(service->limit_log);
    invited_free(service->invited);
    denial_free_all(service);
    top_free(service->top);
    lane_unref(service->lane);
    EVP_MAC_CTX_free(service->mac);
    buf_free(&service->scratch);
    free(service);
}

void service_speed(struct service *service, uint64_t weight)
{
    service->speed = weight;
}

void service_memory(struct service *service, bool tight)
{
    service->tight = tight;
}

void service_time(struct service *service, int64_t wall_ms, int64_t mono_ms)
{
    era_time(service, wall_ms, mono_ms);
    if (service->started_ms < 0)
        service->started_ms = mono_ms;
}

/* Only the type of a cut stanza is reliable, so only types that need nothing else are handled. */
static const struct stanza_error *handle(struct request *request)
{
    bool final = request->type &&
                 (strcmp(request->type, "error") == 0 || strcmp(request->type, "result") == 0 ||
                  strcmp(request->type, "unavailable") == 0);
    if (request->cut && !final) {
        buf_add_text(&request->why, "The stanza is malformed or too large, or has too many "
                                    "elements, attributes or nesting levels");
        return request_exceeds(request, "stanza form or size", &error_policy_violation);
    }
    if (request->malformed)
        return &error_jid_malformed;
    return route_request(request);
}

void service_stanza(struct service *service, xmpp_stanza_t *stanza, bool cut)
{
    struct request request;
    struct outbox_tally before = outbox_tally(service->outbox);
    if (!request_read(&request, service, stanza, cut))
        return;
    service->counts.received[request.kind]++;
    const struct stanza_error *error = handle(&request);
    top_count(&request, error != NULL);
    if (error)
        answer_refuse(&request, error);
    outbox_speak(service->outbox, 0);
    outbox_hurry(service->outbox, false);
    quota_charge_request(&request, &before);
    request_close(&request);
}

void service_refuse(struct service *service, xmpp_stanza_t *stanza)
{
    struct request request;
    if (request_read(&request, service, stanza, false)) {
        answer_refuse(&request, &error_resource_constraint);
        request_close(&request);
    }
}

bool service_must_retry(xmpp_stanza_t *stanza)
{
    const char *type = stanza_attr(stanza, "type");
    if (!type || stanza_is(stanza, "iq", NULL))
        return false;
    return strcmp(type, "unavailable") == 0 || strcmp(type, "error") == 0;
}

bool service_failed(const struct service *service)
{
    return service->store_failed;
}

/* Ends the turn for every room that was used in it. */
static void settle_rooms(struct service *service, bool committed)
{
    struct room *room = service->visited, *next;
    service->visited = NULL;
    service->store_failed = false;
    service->turn++;
    for (; room; room = next) {
        next = room->next_visited;
        room_life_settle(room, !committed);
    }
}

/* The ids that a dropped turn used are not used again; the counts of rooms go back. */
void service_settle(struct service *service, bool committed)
{
    settle_rooms(service, committed);
    if (committed)
        service->rooms_kept = service->rooms_stored;
    else
        service->rooms_stored = service->rooms_kept;
    relays_settle(service, committed);
    private_bounce_settle(service, committed);
    question_settle(service, committed);
    ghosts_settle(service, committed);
    tasks_settle(service, committed);
    park_settle(service, committed);
    runs_settle(service, committed);
    denial_settle(service, committed);
    adhoc_settle(service, committed);
    recovery_settle(service, committed);
    journal_settle(service, committed);
    era_settle(service, committed);
}

static int64_t sooner(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

int64_t service_step_due_in(const struct service *service)
{
    if (park_has_work(service) || question_has_work(service) || runs_have_work(service) ||
        adhoc_has_work(service) || imports_have_work(service))
        return 0;
    return sooner(ghosts_due_in(service), recovery_due_in(service));
}

void service_step(struct service *service)
{
    question_step(service);
    ghosts_step(service);
    recovery_step(service);
    runs_step(service);
    adhoc_step(service);
    imports_step(service);
    park_step(service);
}

bool service_tick(struct service *service)
{
    bool all_unlocked = room_unlock_tick(service);
    bool all_expired = relays_expire(service), all_ended = room_end_tick(service);
    bool all_forgotten = tombstone_tick(service);
    applicant_tick(service);
    private_bounce_expire(service);
    question_tick(service);
    adhoc_tick(service);
    recovery_tick(service);
    quota_tick(service);
    denial_tick(service);
    top_tick(service);
    limit_log_tick(service);
    unarchived_save_some(service);
    retention_begin(service);
    return all_unlocked && all_expired && all_ended && all_forgotten;
}

/* Occupants are told only of their own leave, because all of them leave. */
static void close_room(struct room *room)
{
    struct occupant *occupant = room->occupants, *next;
    for (; occupant; occupant = next) {
        struct presence_event event = presence_event_gone(occupant);
        next = occupant->next;
        presence_event_code(&event, 332);
        presence_to_self(occupant, &event);
        leave_remove(occupant);
    }
}

void service_stop(struct service *service)
{
    struct string_list names = {NULL, 0};
    service_wrote(service, store_occupied_rooms(service->store, string_list_take, &names));
    for (unsigned i = 0; i < names.count; i++) {
        struct room *room = NULL;
        if (room_load(service, span_of(names.list[i]), &room) == STORE_OK)
            close_room(room);
    }
    string_list_free(&names);
    room_end_all(service);
}

void service_save(struct service *service)
{
    while (!unarchived_save_some(service) && !service->store_failed)
        continue;
}
