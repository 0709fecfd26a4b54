#include "daemon.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "coven/clock.h"
#include "coven/log.h"
#include "coven/run.h"
#include "coven/store.h"
#include "coven/system.h"
#include "daemon_private.h"

#define TICK_MS 1000
#define MORE_MS 10 /* until the next tick, when one left work for it */
#define STEP_MS 1  /* between two turns that take a step each */

/* ---- Turns ---- */

static void on_steps(uv_timer_t *timer);

/* The thread that searches also does the upkeep of the search file. */
static void wake_upkeep(struct daemon *daemon)
{
    worker_wake(daemon->workers[TASK_SEARCH], daemon->busy);
}

/* Gives the tasks of committed turns to the other threads, a few at a time. */
void daemon_give_tasks(struct daemon *daemon)
{
    struct task *task;
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++) {
        while ((task = service_take_task(daemon->service, kind)))
            worker_give(daemon->workers[kind], task);
    }
}

/* Starts the timer for the next step, unless it is due earlier anyway. */
void daemon_await_step(struct daemon *daemon)
{
    int64_t due_in = service_step_due_in(daemon->service);
    uint64_t pause = due_in > STEP_MS ? (uint64_t)due_in : STEP_MS;
    bool waits = uv_is_active((uv_handle_t *)&daemon->steps);
    if (due_in >= 0 && (!waits || uv_timer_get_due_in(&daemon->steps) > pause))
        uv_timer_start(&daemon->steps, on_steps, pause, 0);
}

void daemon_end_turn(struct daemon *daemon)
{
    turn_end(daemon->turn);
    daemon_give_tasks(daemon);
    if (store_upkeep_is_due(daemon->stores.first))
        wake_upkeep(daemon);
    daemon_await_step(daemon);
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
    daemon_end_turn(daemon);
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
    daemon_end_turn(daemon);
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

void daemon_stopped(void *user)
{
    struct daemon *daemon = user;
    end_tasks(daemon);
    uv_close((uv_handle_t *)&daemon->tick, NULL);
    uv_close((uv_handle_t *)&daemon->steps, NULL);
    for (int i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&daemon->signals[i], NULL);
    daemon_close_desk(daemon);
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
    daemon_end_turn(daemon);
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

void daemon_end(struct daemon *daemon, const char *why)
{
    if (daemon->stopping)
        return;
    daemon->stopping = true;
    log_info("stopping (%s)", why);
    manager_stopping(&daemon->manager);
    run_stop(daemon->service);
    turn_begin(daemon->turn);
    while (service_step_due_in(daemon->service) == 0 && !service_failed(daemon->service))
        take_step(daemon);
    if (is_for_good(daemon->config))
        service_stop(daemon->service);
    else
        service_save(daemon->service);
    daemon_end_turn(daemon);
    link_stop(daemon->link, daemon->config->stop_ms);
}

static void on_end(uv_signal_t *handle, int number)
{
    daemon_end(handle->data, number == SIGTERM ? "SIGTERM" : "SIGINT");
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

bool daemon_reload(struct daemon *daemon)
{
    struct config fresh;
    if (daemon->stopping)
        return false;
    manager_reloading(&daemon->manager);
    bool good = config_read(&fresh, daemon->argc, daemon->argv);
    if (good) {
        config_adopt(daemon->config, &fresh);
        configure(daemon);
        log_info("reloaded the configuration");
    } else {
        log_error("the configuration has errors and is not reloaded");
    }
    config_free(&fresh);
    manager_reloaded(&daemon->manager);
    return good;
}

static void on_reload(uv_signal_t *handle, int number)
{
    (void)number;
    daemon_reload(handle->data);
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
    daemon_open_link(daemon);
    manager_open(&daemon->manager, &daemon->loop);
    memory_open(&daemon->memory, daemon->config->memory_bytes);
    watch(daemon);
    daemon_open_desk(daemon);
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
    free(daemon.state);
    return readable ? daemon.status : 1;
}
