/* The second thread returns its tasks, run and in order, and ends. */

#include "disk_fixture.h"

#include "coven/mem.h"
#include "worker.h"

#define TASKS 100

struct stage {
    struct disk disk; /* used if there is a second connection */
    uv_loop_t loop;
    struct store *store, *second;
    struct worker *worker;
    unsigned came;
};

struct note {
    struct task task;
    unsigned number;
    struct store *ran_with;
    pthread_t ran_in;
};

static void run(struct task *task, struct store *store)
{
    struct note *note = (struct note *)task;
    note->ran_with = store;
    note->ran_in = pthread_self();
}

static void on_ready(void *user)
{
    struct stage *stage = user;
    struct task *task;
    while ((task = worker_take(stage->worker))) {
        struct note *note = (struct note *)task;
        assert_int_equal(note->number, stage->came++);
        assert_ptr_equal(note->ran_with, stage->second ? stage->second : stage->store);
        assert_int_equal(pthread_equal(note->ran_in, pthread_self()) != 0, !stage->second);
        free(note);
    }
    if (stage->came == TASKS)
        uv_stop(&stage->loop);
}

static void open_stage(struct stage *stage, bool on_disk)
{
    *stage = (struct stage){.came = 0};
    if (on_disk) {
        disk_make(&stage->disk);
        disk_open(&stage->disk);
        stage->store = stage->disk.store;
        stage->second = stage->disk.second;
    } else {
        char *why = NULL;
        stage->store = open_path(NULL, &why);
        assert_non_null(stage->store);
        assert_int_equal(store_second(stage->store, &stage->second, &why), STORE_NOTHING);
    }
    uv_loop_init(&stage->loop);
    stage->worker = worker_new(&stage->loop, stage->store, stage->second, on_ready, stage);
}

static void close_stage(struct stage *stage)
{
    worker_stop(stage->worker);
    struct task *task;
    while ((task = worker_take(stage->worker))) {
        assert_int_equal(((struct note *)task)->number, stage->came++);
        free(task);
    }
    uv_run(&stage->loop, UV_RUN_DEFAULT);
    worker_free(stage->worker);
    assert_int_equal(uv_loop_close(&stage->loop), 0);
    if (!stage->second) {
        store_close(stage->store);
        return;
    }
    disk_close(&stage->disk);
    disk_delete(&stage->disk);
}

static void give(struct stage *stage)
{
    for (unsigned i = 0; i < TASKS; i++) {
        struct note *note = mem_new(sizeof *note);
        note->task.run = run;
        note->number = i;
        worker_give(stage->worker, &note->task);
        worker_wake(stage->worker, i % 2);
    }
}

static void tasks_come_back(bool on_disk)
{
    struct stage stage;
    open_stage(&stage, on_disk);
    give(&stage);
    uv_run(&stage.loop, UV_RUN_DEFAULT);
    assert_int_equal(stage.came, TASKS);
    close_stage(&stage);
}

static void a_thread_runs_tasks(void **state)
{
    (void)state;
    tasks_come_back(true);
}

static void without_a_thread_they_run_at_once(void **state)
{
    (void)state;
    tasks_come_back(false);
}

/* worker_stop() leaves all tasks to be taken, whether they were run or not. */
static void nothing_is_lost_at_the_end(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, true);
    give(&stage);
    close_stage(&stage);
    assert_int_equal(stage.came, TASKS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_runs_tasks),
        cmocka_unit_test(without_a_thread_they_run_at_once),
        cmocka_unit_test(nothing_is_lost_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
