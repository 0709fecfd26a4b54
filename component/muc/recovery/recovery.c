#include "recovery.h"

#include <inttypes.h>
#include <stdlib.h>

#include "coven/jid.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "ghosts.h"
#include "muc/state/service_state.h"
#include "question.h"
#include "resend.h"

#define OPEN_MAX      50    /* open questions at a time */
#define STEP_SESSIONS 100   /* sessions read in one step */
#define AWAKE_MS      2000  /* a client that is awake has answered by then */
#define ASK_MAX_MS    10000 /* resending begins no later than this */
#define PAUSE_MS      10    /* between two steps of resending */

/* Rolled back when a turn is dropped. */
struct progress {
    enum recovery_stage stage;
    struct resend resend;
};

struct recovery {
    struct progress now, before; /* in this turn, and after the last committed one */
    int64_t begun_ms;
    int64_t resent_ms; /* when the last step of resending was */
    bool asking;       /* not all sessions have been asked yet */
    bool blocked;      /* the next session cannot be asked yet */
    bool reported;     /* the result of asking was logged */
    char *cursor;      /* the last JID that was asked, in their sorted order; NULL: none yet */
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
    /* In a damaged store the order may be broken, so that asking would never end. */
    if (recovery->cursor && span_compare(text, span_of(recovery->cursor)) <= 0)
        recovery->asking = false;
    if (!recovery->asking)
        return;
    recovery->blocked =
        recovery->blocked || (jid_parse(text, &jid) && !question_ask(service, &jid));
    if (recovery->blocked)
        return;
    free(recovery->cursor);
    recovery->cursor = mem_copy(text.at, text.len);
}

void recovery_ask(struct service *service)
{
    struct recovery *recovery = service->recovery;
    if (!recovery->asking || service->questions->open >= OPEN_MAX)
        return;
    struct span after = span_of(recovery->cursor ? recovery->cursor : "");
    recovery->blocked = false;
    enum store_result result =
        store_session_jids(service->store, after, STEP_SESSIONS, ask, service);
    service_wrote(service, result);
    recovery->blocked = recovery->blocked || result == STORE_FAILED;
    if (result == STORE_NOTHING)
        recovery->asking = false;
}

bool recovery_has_to_ask(const struct service *service)
{
    const struct recovery *recovery = service->recovery;
    return recovery->asking && !recovery->blocked && service->questions->open < OPEN_MAX;
}

void recovery_tick(struct service *service)
{
    struct recovery *recovery = service->recovery;
    recovery_ask(service);
    if (recovery->reported || recovery->asking || service->questions->recovering > 0)
        return;
    recovery->reported = true;
    if (service->questions->gone > 0)
        log_info("removed %u sessions that ended while the server was unreachable",
                 service->questions->gone);
}

/* ---- Stages ---- */

static void enter_stage(struct service *service, enum recovery_stage stage, int64_t cursor)
{
    struct progress *now = &service->recovery->now;
    now->stage = stage;
    now->resend.cursor = cursor;
}

/* When resending may begin: it is known well enough who is there. */
static int64_t resend_at(const struct service *service)
{
    const struct recovery *recovery = service->recovery;
    int64_t late = recovery->begun_ms + ASK_MAX_MS;
    if (recovery->asking || ghosts_due_in(service) >= 0)
        return late;
    int64_t awake =
        service->questions->recovering > 0 ? service->questions->last_sent_ms + AWAKE_MS : 0;
    return awake < late ? awake : late;
}

static void step_asking(struct service *service)
{
    const struct journal *journal = &service->journal;
    struct recovery *recovery = service->recovery;
    if (service->mono_ms < resend_at(service))
        return;
    log_info("resending up to %" PRId64 " presence changes that the server may have missed",
             recovery->now.resend.until - journal->confirmed);
    enter_stage(service, RECOVERY_DEPARTURES, journal->confirmed);
}

static void step_departures(struct service *service)
{
    if (!resend_departures(service, &service->recovery->now.resend))
        enter_stage(service, RECOVERY_PRESENCES, 0);
}

static void step_presences(struct service *service)
{
    if (!resend_presences(service, &service->recovery->now.resend))
        enter_stage(service, RECOVERY_OVER, 0);
}

static void resend(struct service *service, void (*step)(struct service *service))
{
    struct recovery *recovery = service->recovery;
    if (service->mono_ms < recovery->resent_ms + PAUSE_MS)
        return;
    recovery->resent_ms = service->mono_ms;
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
        resend(service, step_departures);
        break;
    case RECOVERY_PRESENCES:
        resend(service, step_presences);
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
    int64_t at = stage == RECOVERY_ASKING ? resend_at(service) : recovery->resent_ms + PAUSE_MS;
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
                .resend = {.until = journal->settled}},
        .begun_ms = service->mono_ms,
        .asking = true,
    };
    recovery->before = recovery->now; /* a dropped turn must not end the recovery */
    recovery_ask(service);
}
