#include "turn.h"

#include <stdlib.h>
#include <utlist.h>

#include "coven/clock.h"
#include "coven/counts.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stanza_list.h"

/* Leaves and bounces kept for retry while the store fails; further ones are lost. */
#define RETRIES_MAX 100000

#define SLOW_US     100000

struct turn {
    struct service *service;
    struct store *store;
    struct outbox *outbox;
    struct stanza_list stanzas; /* handled in this turn */
    struct stanza_list retries; /* of dropped turns, for the next one */
    struct task *tasks;         /* whose results this turn handled */
    int64_t begun_us;
};

struct turn *turn_new(struct service *service, struct store *store, struct outbox *outbox)
{
    struct turn *turn = mem_new(sizeof *turn);
    turn->service = service;
    turn->store = store;
    turn->outbox = outbox;
    return turn;
}

void turn_free(struct turn *turn)
{
    stanza_list_free(&turn->stanzas);
    stanza_list_free(&turn->retries);
    free(turn);
}

void turn_begin(struct turn *turn)
{
    struct stanza_list again = turn->retries;
    turn->retries = (struct stanza_list){NULL, 0, 0};
    turn->begun_us = clock_mono_us();
    service_time(turn->service, clock_wall_ms(), clock_mono_ms());
    for (size_t i = 0; i < again.count; i++)
        turn_stanza(turn, again.items[i].stanza, again.items[i].cut);
    stanza_list_free(&again);
}

void turn_stanza(struct turn *turn, xmpp_stanza_t *stanza, bool cut)
{
    stanza_list_add(&turn->stanzas, xmpp_stanza_clone(stanza), cut);
    service_stanza(turn->service, stanza, cut);
}

void turn_task(struct turn *turn, struct task *task)
{
    DL_APPEND(turn->tasks, task);
    task->finish(task, turn->service, false);
}

static void copy_attr(void *user, const char *name, const char *value)
{
    xmpp_stanza_set_attribute(user, name, value);
}

static xmpp_stanza_t *bare_copy(xmpp_stanza_t *element)
{
    xmpp_stanza_t *copy = xmpp_stanza_new(xmpp_stanza_get_context(element));
    xmpp_stanza_set_name(copy, xmpp_stanza_get_name(element));
    stanza_attrs(element, copy_attr, copy);
    return copy;
}

/* Copies only the essential parts of a leave or bounce, because many may be kept for retry. */
static xmpp_stanza_t *essence(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *copy = bare_copy(stanza);
    xmpp_stanza_t *error = stanza_child(stanza, "error", NULL);
    xmpp_stanza_t *condition = error ? stanza_child(error, NULL, NS_STANZA_ERRORS) : NULL;
    if (!condition)
        return copy;
    xmpp_stanza_t *error_copy = bare_copy(error), *condition_copy = bare_copy(condition);
    xmpp_stanza_set_ns(condition_copy, NS_STANZA_ERRORS);
    xmpp_stanza_add_child(error_copy, condition_copy);
    xmpp_stanza_add_child(copy, error_copy);
    xmpp_stanza_release(condition_copy);
    xmpp_stanza_release(error_copy);
    return copy;
}

static void drop(struct turn *turn)
{
    store_rollback(turn->store);
    outbox_drop(turn->outbox);
    service_settle(turn->service, false);
    for (size_t i = 0; i < turn->stanzas.count; i++) {
        struct stanza_item *item = &turn->stanzas.items[i];
        if (!service_must_retry(item->stanza))
            service_refuse(turn->service, item->stanza);
        else if (turn->retries.count < RETRIES_MAX)
            stanza_list_add(&turn->retries, essence(item->stanza), item->cut);
    }
    for (struct task *task = turn->tasks; task; task = task->next)
        task->finish(task, turn->service, true);
    outbox_commit(turn->outbox);
}

static void keep(struct turn *turn)
{
    outbox_commit(turn->outbox);
    service_settle(turn->service, true);
}

/* A turn blocks everybody else, so its time is counted, and a slow one is logged. */
static void note_turn(const struct turn *turn, int64_t commit_us, bool kept)
{
    int64_t now = clock_mono_us(), whole = now - turn->begun_us, commit = now - commit_us;
    struct counts *counts = counts_of(turn->service);
    counts->turns++;
    counts->turns_dropped += !kept;
    counts->last_dropped = !kept;
    counts_add_time(&counts->turn, whole);
    counts_add_time(&counts->commit, commit);
    enum log_level level = whole >= SLOW_US ? LOG_WARN : LOG_DEBUG;
    if (level == LOG_DEBUG && turn->stanzas.count == 0 && !turn->tasks)
        return;
    log_line(level, "%s: %.1f ms (store %.1f ms), %zu stanzas%s%s",
             level == LOG_WARN ? "slow turn" : "turn", (double)whole / 1000, (double)commit / 1000,
             turn->stanzas.count, turn->tasks ? ", with task results" : "",
             kept ? "" : ", dropped");
}

static void free_tasks(struct turn *turn)
{
    while (turn->tasks) {
        struct task *task = turn->tasks;
        DL_DELETE(turn->tasks, task);
        service_task_free(turn->service, task);
    }
}

void turn_end(struct turn *turn)
{
    int64_t commit_us = clock_mono_us();
    bool kept = !service_failed(turn->service) && store_commit(turn->store) == STORE_OK;
    if (kept)
        keep(turn);
    else
        drop(turn);
    note_turn(turn, commit_us, kept);
    stanza_list_clear(&turn->stanzas);
    free_tasks(turn);
}
