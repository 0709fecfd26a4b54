#include "daemon.h"

#include <inttypes.h>
#include <signal.h>
#include <uv.h>

#include "coven/clock.h"
#include "coven/link.h"
#include "coven/log.h"
#include "coven/outbox.h"
#include "coven/service.h"
#include "coven/store.h"
#include "coven/system.h"
#include "manager.h"
#include "memory.h"
#include "receipt.h"
#include "returned.h"
#include "stores.h"
#include "turn.h"
#include "worker.h"

#define TICK_MS 1000
#define MORE_MS 10 /* until the next tick, when one left work for it */
#define STEP_MS 1  /* between two turns that take a step each */

enum { SIGNAL_TERM, SIGNAL_INT, SIGNAL_HUP, SIGNALS };

struct daemon {
    struct config *config;
    int argc; /* the command line, to be read again */
    char **argv;
    uv_loop_t loop;
    uv_timer_t tick, steps;
    uv_signal_t signals[SIGNALS];
    struct manager manager;
    struct memory memory;
    struct stores stores;
    struct worker *workers[TASK_KINDS];
    struct outbox *outbox;
    struct service *service;
    struct turn *turn;
    struct receipt receipt;
    struct link *link;
    bool busy;
    int64_t used_us, asked_us; /* at the last is_busy() */
    bool stopping;
};

/* ---- Turns ---- */

static void on_steps(uv_timer_t *timer);

/* The thread that searches also does the upkeep of the search file. */
static void wake_upkeep(struct daemon *daemon)
{
    worker_wake(daemon->workers[TASK_SEARCH], daemon->busy);
}

/* Gives the tasks of committed turns to the other threads, a few at a time. */
static void give_tasks(struct daemon *daemon)
{
    struct task *task;
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++) {
        while ((task = service_take_task(daemon->service, kind)))
            worker_give(daemon->workers[kind], task);
    }
}

/* Starts the timer for the next step, unless it is due earlier anyway. */
static void await_step(struct daemon *daemon)
{
    int64_t due_in = service_step_due_in(daemon->service);
    uint64_t pause = due_in > STEP_MS ? (uint64_t)due_in : STEP_MS;
    bool waits = uv_is_active((uv_handle_t *)&daemon->steps);
    if (due_in >= 0 && (!waits || uv_timer_get_due_in(&daemon->steps) > pause))
        uv_timer_start(&daemon->steps, on_steps, pause, 0);
}

static void end_turn(struct daemon *daemon)
{
    turn_end(daemon->turn);
    give_tasks(daemon);
    if (store_upkeep_is_due(daemon->stores.first))
        wake_upkeep(daemon);
    await_step(daemon);
}

/* To be called inside a turn. */
static void take_step(struct daemon *daemon)
{
    xmpp_stanza_t *stanza;
    bool cut = false;
    service_step(daemon->service);
    while ((stanza = service_unpark(daemon->service, &cut))) {
        turn_stanza(daemon->turn, stanza, cut);
        xmpp_stanza_release(stanza);
    }
}

static void on_steps(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    turn_begin(daemon->turn);
    take_step(daemon);
    end_turn(daemon);
    link_wake(daemon->link);
}

static void on_tasks(void *user)
{
    struct daemon *daemon = user;
    struct task *task;
    turn_begin(daemon->turn);
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++) {
        while ((task = worker_take(daemon->workers[kind])))
            turn_task(daemon->turn, task);
    }
    end_turn(daemon);
    link_wake(daemon->link);
}

/* Frees the remaining tasks. Their users get no answer, because the stream ends. */
static void end_tasks(struct daemon *daemon)
{
    struct task *task;
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++) {
        worker_stop(daemon->workers[kind]);
        while ((task = worker_take(daemon->workers[kind])))
            service_task_free(daemon->service, task);
    }
}

/* ---- Callbacks of the link ---- */

static void on_turn_begin(void *user)
{
    struct daemon *daemon = user;
    service_memory(daemon->service, memory_is_tight(&daemon->memory));
    turn_begin(daemon->turn);
}

static void on_stanza(void *user, xmpp_stanza_t *stanza, enum link_cut cut)
{
    turn_stanza(((struct daemon *)user)->turn, stanza, cut == LINK_CUT);
}

static void on_turn_end(void *user)
{
    end_turn(user);
}

static size_t on_take(void *user, char *slice, size_t size, uint64_t most, uint64_t *weight_r)
{
    struct daemon *daemon = user;
    size_t taken = outbox_take(daemon->outbox, slice, size, most, weight_r);
    give_tasks(daemon); /* tasks may have waited for room in the outbox */
    return taken;
}

static void on_speed(void *user, uint64_t weight)
{
    service_speed(((struct daemon *)user)->service, weight);
}

static bool on_has_work(void *user)
{
    return outbox_has_work(((struct daemon *)user)->outbox);
}

static bool on_is_pressing(void *user)
{
    return outbox_is_pressing(((struct daemon *)user)->outbox);
}

/* Asks without delay while stopping: presence that the server has not confirmed would be sent again
 * after the restart, which users must not notice. */
static bool on_wants_receipt(void *user)
{
    struct daemon *daemon = user;
    return receipt_wanted(&daemon->receipt, daemon->stopping);
}

static void on_receipt(void *user)
{
    receipt_arrived(&((struct daemon *)user)->receipt);
}

static void on_multi(void *user, const struct multi_terms *terms)
{
    struct daemon *daemon = user;
    outbox_multiply(daemon->outbox, daemon->config->link.domain, terms);
}

/* What was sent does not count as received until its copies are. */
static void on_returned(void *user, xmpp_stanza_t *stanza)
{
    struct daemon *daemon = user;
    receipt_cancel(&daemon->receipt);
    returned_send(daemon->outbox, stanza);
}

static void on_status(void *user, const char *line)
{
    manager_status(&((struct daemon *)user)->manager, line);
}

/* Nobody knows which output of the last connection arrived, and which sessions ended meanwhile:
 * recovery finds out. */
static void on_up(void *user)
{
    struct daemon *daemon = user;
    receipt_cancel(&daemon->receipt);
    turn_begin(daemon->turn);
    service_recover(daemon->service);
    end_turn(daemon);
}

/* Drops queued presence, which recovery sends again. Messages are sent only once, so they stay. */
static void on_down(void *user, const char *why)
{
    (void)why;
    outbox_forget_presence(((struct daemon *)user)->outbox);
}

static void on_stopped(void *user)
{
    struct daemon *daemon = user;
    end_tasks(daemon);
    uv_close((uv_handle_t *)&daemon->tick, NULL);
    uv_close((uv_handle_t *)&daemon->steps, NULL);
    for (int i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&daemon->signals[i], NULL);
    manager_close(&daemon->manager);
}

/* ---- Turns of the daemon's own ---- */

/* Did this thread use much processor time since the last call? */
static bool is_busy(struct daemon *daemon)
{
    int64_t used = clock_thread_us() - daemon->used_us, passed = clock_mono_us() - daemon->asked_us;
    daemon->used_us += used;
    daemon->asked_us += passed;
    return used > passed / 3;
}

static void on_tick(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    turn_begin(daemon->turn);
    bool all_done = service_tick(daemon->service);
    end_turn(daemon);
    if (!all_done)
        uv_timer_start(timer, on_tick, MORE_MS, TICK_MS);
    daemon->busy = is_busy(daemon);
    wake_upkeep(daemon);
    link_wake(daemon->link);
}

/* Are users told that they leave? Without a store on disk nobody is inside after a restart; with
 * one, users need not notice, unless the configuration wants it. */
static bool is_for_good(const struct config *config)
{
    return !config->data || config->restart == CONFIG_RESTART_STOP;
}

static void on_end(uv_signal_t *handle, int number)
{
    struct daemon *daemon = handle->data;
    if (daemon->stopping)
        return;
    daemon->stopping = true;
    log_info("stopping (%s)", number == SIGTERM ? "SIGTERM" : "SIGINT");
    manager_stopping(&daemon->manager);
    turn_begin(daemon->turn);
    while (service_step_due_in(daemon->service) == 0 && !service_failed(daemon->service))
        take_step(daemon);
    if (is_for_good(daemon->config))
        service_stop(daemon->service);
    else
        service_save(daemon->service);
    end_turn(daemon);
    link_stop(daemon->link, daemon->config->stop_ms);
}

/* ---- Reloading ---- */

/* Hands the configuration to everything that borrows from it. */
static void configure(struct daemon *daemon)
{
    const struct config *config = daemon->config;
    log_set_level(config->log_level);
    memory_configure(&daemon->memory, config->memory_bytes);
    outbox_configure(daemon->outbox, &config->outbox);
    service_configure(daemon->service, &config->service);
    link_configure(daemon->link, &config->link);
}

static void on_reload(uv_signal_t *handle, int number)
{
    struct daemon *daemon = handle->data;
    struct config fresh;
    (void)number;
    if (daemon->stopping)
        return;
    manager_reloading(&daemon->manager);
    if (config_read(&fresh, daemon->argc, daemon->argv)) {
        config_adopt(daemon->config, &fresh);
        configure(daemon);
        log_info("reloaded the configuration");
    } else {
        log_error("the configuration has errors and is not reloaded");
    }
    config_free(&fresh);
    manager_reloaded(&daemon->manager);
}

/* ---- Start and end ---- */

static void open_rooms(struct daemon *daemon)
{
    const struct config *config = daemon->config;
    struct hash_seed seed = hash_seed_new();
    daemon->outbox = outbox_new(&config->outbox, &seed);
    daemon->service = service_new(&config->service, daemon->stores.first, daemon->outbox, &seed);
    daemon->receipt = (struct receipt){.service = daemon->service, .outbox = daemon->outbox};
}

static void open_link(struct daemon *daemon)
{
    struct link_user user = {
        .user = daemon,
        .turn_begin = on_turn_begin,
        .stanza = on_stanza,
        .turn_end = on_turn_end,
        .take = on_take,
        .has_work = on_has_work,
        .speed = on_speed,
        .is_pressing = on_is_pressing,
        .wants_receipt = on_wants_receipt,
        .receipt = on_receipt,
        .multi = on_multi,
        .returned = on_returned,
        .status = on_status,
        .up = on_up,
        .down = on_down,
        .stopped = on_stopped,
    };
    daemon->link = link_new(&daemon->loop, &daemon->config->link, &user);
}

static void watch(struct daemon *daemon)
{
    static const struct {
        int number;
        uv_signal_cb handler;
    } wanted[SIGNALS] = {
        [SIGNAL_TERM] = {SIGTERM, on_end},
        [SIGNAL_INT] = {SIGINT, on_end},
        [SIGNAL_HUP] = {SIGHUP, on_reload},
    };
    for (int i = 0; i < SIGNALS; i++) {
        system_check(uv_signal_init(&daemon->loop, &daemon->signals[i]), "cannot watch signals");
        daemon->signals[i].data = daemon;
        system_check(uv_signal_start(&daemon->signals[i], wanted[i].handler, wanted[i].number),
                     "cannot watch signals");
    }
    system_check(uv_timer_init(&daemon->loop, &daemon->tick), "cannot make a timer");
    daemon->tick.data = daemon;
    uv_timer_start(&daemon->tick, on_tick, TICK_MS, TICK_MS);
    system_check(uv_timer_init(&daemon->loop, &daemon->steps), "cannot make a timer");
    daemon->steps.data = daemon;
}

static void tell_start(struct daemon *daemon)
{
    const char *data = daemon->config->data;
    struct store_summary store = {0};
    if (store_summary(daemon->stores.first, &store) != STORE_OK)
        return; /* it has logged why */
    log_info("covend " COVEN_VERSION " starts (libstrophe 0.%d): %s%s, schema %d, %" PRId64
             " rooms, %" PRId64 " sessions",
             link_library_minor(), data ? "data in " : "rooms live in memory", data ? data : "",
             store.schema, store.rooms, store.sessions);
}

static void serve(struct daemon *daemon)
{
    tell_start(daemon);
    system_check(uv_loop_init(&daemon->loop), "cannot make the event loop");
    daemon->turn = turn_new(daemon->service, daemon->stores.first, daemon->outbox);
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++)
        daemon->workers[kind] = worker_new(&daemon->loop, daemon->stores.first,
                                           daemon->stores.further[kind], on_tasks, daemon);
    open_link(daemon);
    manager_open(&daemon->manager, &daemon->loop);
    memory_open(&daemon->memory, daemon->config->memory_bytes);
    watch(daemon);
    link_start(daemon->link);
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    turn_free(daemon->turn); /* it may still keep stanzas */
    link_free(daemon->link);
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++)
        worker_free(daemon->workers[kind]);
    memory_close(&daemon->memory);
    uv_loop_close(&daemon->loop);
}

int daemon_run(struct config *config, int argc, char **argv)
{
    struct daemon daemon = {.config = config, .argc = argc, .argv = argv};
    if (!stores_open(&daemon.stores, config)) {
        stores_close(&daemon.stores);
        return 1;
    }
    open_rooms(&daemon);
    bool readable = !service_failed(daemon.service); /* else numbers would be given out twice */
    if (readable)
        serve(&daemon);
    else
        log_fatal("the store cannot be read");
    service_free(daemon.service);
    outbox_free(daemon.outbox);
    stores_close(&daemon.stores);
    return readable ? 0 : 1;
}
