#include "recovery.h"

#include <inttypes.h>
#include <stdlib.h>

#include "burial.h"
#include "coven/jid.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "muc/state/service_state.h"
#include "question.h"
#include "retell.h"

#define ENOUGH    50    /* open questions: no more are needed */
#define LOOKED_AT 100   /* sessions in one step */
#define AWAKE_MS  2000  /* a client that is awake has answered by then */
#define LONG_MS   10000 /* nobody waits longer to be told */
#define PAUSE_MS  10    /* between two steps of telling */

/* What goes back with a turn that is dropped. */
struct progress {
    enum recovery_stage stage;
    struct retell retell;
};

struct recovery {
    struct progress now, before; /* in this turn, and as the last committed one left it */
    int64_t begun_ms;
    int64_t told_ms; /* when the last step of telling was */
    bool walking;    /* not every session has been asked */
    bool held_up;    /* somebody cannot be asked yet */
    bool reported;   /* the log has what came of asking */
    char *cursor;    /* the last JID that was asked, in their order; NULL: none yet */
};

struct recovery *recovery_new(void)
{
    struct recovery *recovery = mem_new(sizeof *recovery);
    recovery->reported = true;
    return recovery;
}

void recovery_free(struct service *service)
{
    free(service->recovery->cursor);
    free(service->recovery);
}

enum recovery_stage recovery_stage(const struct service *service)
{
    return service->recovery->now.stage;
}

void recovery_settle(struct service *service, bool committed)
{
    struct recovery *recovery = service->recovery;
    if (committed)
        recovery->before = recovery->now;
    else
        recovery->now = recovery->before;
}

/* ---- Asking everybody ---- */

static void ask(void *user, struct span text)
{
    struct service *service = user;
    struct recovery *recovery = service->recovery;
    struct jid jid;
    recovery->held_up =
        recovery->held_up || (jid_parse(text, &jid) && !question_ask(service, &jid));
    if (recovery->held_up)
        return;
    free(recovery->cursor);
    recovery->cursor = mem_copy(text.at, text.len);
}

void recovery_ask(struct service *service)
{
    struct recovery *recovery = service->recovery;
    if (!recovery->walking || service->questions->open >= ENOUGH)
        return;
    struct span after = span_of(recovery->cursor ? recovery->cursor : "");
    recovery->held_up = false;
    enum store_result result = store_session_jids(service->store, after, LOOKED_AT, ask, service);
    service_wrote(service, result);
    recovery->held_up = recovery->held_up || result == STORE_FAILED;
    if (result == STORE_NOTHING)
        recovery->walking = false;
}

bool recovery_has_to_ask(const struct service *service)
{
    const struct recovery *recovery = service->recovery;
    return recovery->walking && !recovery->held_up && service->questions->open < ENOUGH;
}

void recovery_tick(struct service *service)
{
    struct recovery *recovery = service->recovery;
    recovery_ask(service);
    if (recovery->reported || recovery->walking || service->questions->recovering > 0)
        return;
    recovery->reported = true;
    if (service->questions->gone > 0)
        log_info("removed %u sessions that ended while the server was away",
                 service->questions->gone);
}

/* ---- Stages ---- */

static void enter(struct service *service, enum recovery_stage stage, int64_t cursor)
{
    struct progress *now = &service->recovery->now;
    now->stage = stage;
    now->retell.cursor = cursor;
}

/* When is it known well enough who is there? */
static int64_t asked_at(const struct service *service)
{
    const struct recovery *recovery = service->recovery;
    int64_t late = recovery->begun_ms + LONG_MS;
    if (recovery->walking || burial_due_in(service) >= 0)
        return late;
    int64_t awake =
        service->questions->recovering > 0 ? service->questions->asked_last_ms + AWAKE_MS : 0;
    return awake < late ? awake : late;
}

static void step_asking(struct service *service)
{
    const struct journal *journal = &service->journal;
    struct recovery *recovery = service->recovery;
    if (service->mono_ms < asked_at(service))
        return;
    log_info("sending again up to %" PRId64 " changes of presence that the server may have missed",
             recovery->now.retell.until - journal->confirmed);
    enter(service, RECOVERY_DEPARTURES, journal->confirmed);
}

static void step_departures(struct service *service)
{
    if (!retell_departures(service, &service->recovery->now.retell))
        enter(service, RECOVERY_STANDINGS, 0);
}

static void step_standings(struct service *service)
{
    if (!retell_standings(service, &service->recovery->now.retell))
        enter(service, RECOVERY_OVER, 0);
}

static void tell(struct service *service, void (*step)(struct service *service))
{
    struct recovery *recovery = service->recovery;
    if (service->mono_ms < recovery->told_ms + PAUSE_MS)
        return;
    recovery->told_ms = service->mono_ms;
    if (!outbox_is_full(service->outbox))
        step(service);
}

void recovery_step(struct service *service)
{
    if (recovery_has_to_ask(service))
        recovery_ask(service);
    switch (recovery_stage(service)) {
    case RECOVERY_OVER:
        break;
    case RECOVERY_ASKING:
        step_asking(service);
        break;
    case RECOVERY_DEPARTURES:
        tell(service, step_departures);
        break;
    case RECOVERY_STANDINGS:
        tell(service, step_standings);
        break;
    }
}

int64_t recovery_due_in(const struct service *service)
{
    const struct recovery *recovery = service->recovery;
    enum recovery_stage stage = recovery_stage(service);
    if (recovery_has_to_ask(service))
        return 0;
    if (stage == RECOVERY_OVER)
        return -1;
    int64_t at = stage == RECOVERY_ASKING ? asked_at(service) : recovery->told_ms + PAUSE_MS;
    return at > service->mono_ms ? at - service->mono_ms : 0;
}

bool service_is_recovering(const struct service *service)
{
    return recovery_stage(service) != RECOVERY_OVER;
}

void service_recover(struct service *service)
{
    struct recovery *recovery = service->recovery;
    const struct journal *journal = &service->journal;
    bool misses = journal->settled > journal->confirmed;
    free(recovery->cursor);
    question_forget_all(service);
    *recovery = (struct recovery){
        .now = {.stage = misses ? RECOVERY_ASKING : RECOVERY_OVER,
                .retell = {.until = journal->settled}},
        .begun_ms = service->mono_ms,
        .walking = true,
    };
    recovery->before = recovery->now; /* a dropped turn must not take this back */
    recovery_ask(service);
}
