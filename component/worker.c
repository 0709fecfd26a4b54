#include "worker.h"

#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <utlist.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/system.h"

#define INLINE_PAUSE_MS 20 /* between upkeep steps when there is no second thread */

#define THREAD_FAULT    "cannot start the second thread"

struct worker {
    struct store *store, *second;
    worker_ready *ready;
    void *user;
    uv_async_t done_signal;
    uv_timer_t upkeep; /* without a thread */
    uv_thread_t thread;
    uv_mutex_t mutex; /* guards everything below */
    uv_cond_t signal;
    struct task *given, *done;
    bool wanted; /* another step of upkeep */
    bool busy;   /* the loop's thread is busy: only one step is done */
    bool stopping;
};

/* ---- In any thread ---- */

static void run_task(struct task *task, struct store *store)
{
    int64_t begun_us = clock_mono_us();
    task->run(task, store);
    task->used_us = clock_mono_us() - begun_us;
}

/* ---- In the second thread ---- */

/* Waits for a task, or for upkeep (`*task_r` is NULL then). False: the thread is to end. */
static bool next_work(struct worker *worker, struct task **task_r)
{
    uv_mutex_lock(&worker->mutex);
    while (!worker->given && !worker->wanted && !worker->stopping)
        uv_cond_wait(&worker->signal, &worker->mutex);
    bool goes_on = !worker->stopping;
    *task_r = worker->given;
    if (*task_r)
        DL_DELETE(worker->given, *task_r);
    uv_mutex_unlock(&worker->mutex);
    return goes_on;
}

static void give_back(struct worker *worker, struct task *task)
{
    uv_mutex_lock(&worker->mutex);
    DL_APPEND(worker->done, task);
    uv_mutex_unlock(&worker->mutex);
    uv_async_send(&worker->done_signal);
}

/* Does one step. If no work is left, or after a failure, worker_wake() starts the next. */
static void do_upkeep(struct worker *worker)
{
    uv_mutex_lock(&worker->mutex);
    bool wanted = worker->wanted;
    worker->wanted = false;
    uv_mutex_unlock(&worker->mutex);
    bool more = wanted && store_upkeep(worker->second) == STORE_OK;
    uv_mutex_lock(&worker->mutex);
    worker->wanted = worker->wanted || (more && !worker->busy);
    uv_mutex_unlock(&worker->mutex);
}

/* Archive pages can wait for a processor, messages must not. */
static void lower_priority(void)
{
#ifdef SCHED_BATCH
    struct sched_param none = {.sched_priority = 0};
    sched_setscheduler(0, SCHED_BATCH, &none);
#endif
}

static void run_thread(void *user)
{
    struct worker *worker = user;
    struct task *task;
    lower_priority();
    while (next_work(worker, &task)) {
        if (task) {
            run_task(task, worker->second);
            give_back(worker, task);
        }
        do_upkeep(worker); /* even if tasks never end */
    }
    if (task)
        give_back(worker, task);
}

/* ---- In the loop's thread ---- */

static void on_done(uv_async_t *signal)
{
    struct worker *worker = signal->data;
    worker->ready(worker->user);
}

static void on_upkeep(uv_timer_t *timer)
{
    struct worker *worker = timer->data;
    if (store_upkeep(worker->store) != STORE_OK)
        uv_timer_stop(timer);
}

struct worker *worker_new(uv_loop_t *loop, struct store *store, struct store *second,
                          worker_ready *ready, void *user)
{
    struct worker *worker = mem_new(sizeof *worker);
    worker->store = store;
    worker->second = second;
    worker->ready = ready;
    worker->user = user;
    system_check(uv_async_init(loop, &worker->done_signal, on_done), THREAD_FAULT);
    worker->done_signal.data = worker;
    system_check(uv_timer_init(loop, &worker->upkeep), "cannot make a timer");
    worker->upkeep.data = worker;
    system_check(uv_mutex_init(&worker->mutex), THREAD_FAULT);
    system_check(uv_cond_init(&worker->signal), THREAD_FAULT);
    if (second)
        system_check(uv_thread_create(&worker->thread, run_thread, worker), THREAD_FAULT);
    return worker;
}

void worker_give(struct worker *worker, struct task *task)
{
    if (!worker->second) {
        run_task(task, worker->store);
        give_back(worker, task);
        return;
    }
    uv_mutex_lock(&worker->mutex);
    DL_APPEND(worker->given, task);
    uv_cond_signal(&worker->signal);
    uv_mutex_unlock(&worker->mutex);
}

struct task *worker_take(struct worker *worker)
{
    uv_mutex_lock(&worker->mutex);
    struct task *task = worker->done;
    if (task)
        DL_DELETE(worker->done, task);
    uv_mutex_unlock(&worker->mutex);
    return task;
}

void worker_wake(struct worker *worker, bool busy)
{
    if (!worker->second) {
        if (!uv_is_active((uv_handle_t *)&worker->upkeep))
            uv_timer_start(&worker->upkeep, on_upkeep, 0, INLINE_PAUSE_MS);
        return;
    }
    uv_mutex_lock(&worker->mutex);
    worker->wanted = true;
    worker->busy = busy;
    uv_cond_signal(&worker->signal);
    uv_mutex_unlock(&worker->mutex);
}

void worker_stop(struct worker *worker)
{
    uv_mutex_lock(&worker->mutex);
    worker->stopping = true;
    uv_cond_signal(&worker->signal);
    uv_mutex_unlock(&worker->mutex);
    if (worker->second)
        uv_thread_join(&worker->thread);
    DL_CONCAT(worker->done, worker->given);
    worker->given = NULL;
    uv_close((uv_handle_t *)&worker->done_signal, NULL);
    uv_close((uv_handle_t *)&worker->upkeep, NULL);
}

void worker_free(struct worker *worker)
{
    uv_mutex_destroy(&worker->mutex);
    uv_cond_destroy(&worker->signal);
    free(worker);
}
