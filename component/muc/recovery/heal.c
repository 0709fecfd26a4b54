#include "heal.h"

#include <stdlib.h>

#include "coven/jid.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "muc/state/service_state.h"

#define ENOUGH    50    /* questions that are open: no more are needed */
#define LOOKED_AT 100   /* sessions, each time */
#define AWAKE_MS  2000  /* who is awake has answered by then */
#define LONG_MS   10000 /* nobody waits longer until all of them are asked */

static void take_jid(void *user, struct span text)
{
    struct service *service = user;
    struct healing *healing = &service->healing;
    struct jid jid;
    healing->held_up = healing->held_up || (jid_parse(text, &jid) && !question_heal(service, &jid));
    if (healing->held_up)
        return;
    free(healing->cursor);
    healing->cursor = mem_copy(text.at, text.len);
}

void heal_step(struct service *service)
{
    struct healing *healing = &service->healing;
    if (!healing->walking || service->questions.open >= ENOUGH)
        return;
    struct span after = span_of(healing->cursor ? healing->cursor : "");
    healing->held_up = false;
    enum store_result result =
        store_session_jids(service->store, after, LOOKED_AT, take_jid, service);
    service_wrote(service, result);
    healing->held_up = healing->held_up || result == STORE_FAILED;
    if (result == STORE_NOTHING)
        healing->walking = false;
}

bool heal_is_behind(const struct service *service)
{
    const struct healing *healing = &service->healing;
    return healing->walking && !healing->held_up && service->questions.open < ENOUGH;
}

void heal_tick(struct service *service)
{
    struct healing *healing = &service->healing;
    heal_step(service);
    if (healing->told || healing->walking || service->questions.healing > 0)
        return;
    healing->told = true;
    if (service->questions.gone > 0)
        log_info("removed %u sessions that ended while the server was away",
                 service->questions.gone);
}

bool heal_is_through(const struct service *service)
{
    const struct healing *healing = &service->healing;
    const struct questions *questions = &service->questions;
    int64_t now_ms = service->mono_ms;
    bool asked =
        !healing->walking && (questions->healing == 0 || now_ms - questions->healed_ms >= AWAKE_MS);
    return (asked && service->burial.waiting == NULL) || now_ms - healing->begun_ms >= LONG_MS;
}

void heal_free(struct service *service)
{
    free(service->healing.cursor);
    service->healing = (struct healing){.told = true};
}

void heal_begin(struct service *service)
{
    heal_free(service);
    question_free(service);
    service->healing.walking = true;
    service->healing.told = false;
    service->healing.begun_ms = service->mono_ms;
    heal_step(service);
}

void service_heal(struct service *service)
{
    tell_begin(service);
    heal_begin(service);
}
