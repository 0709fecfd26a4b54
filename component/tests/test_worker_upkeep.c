/* Upkeep on the second thread: beside tasks that never end, and while the loop is busy. */

#include "disk_fixture.h"

#include <uv.h>

#include "coven/clock.h"
#include "worker.h"

#define QUEUED     4
#define PATIENCE_S 20

/* Tasks are given again when they come back, so that some always wait. */
struct bench {
    struct disk disk;
    uv_loop_t loop;
    struct worker *worker;
    struct task tasks[QUEUED];
    unsigned runs;
    bool over;
};

static void run(struct task *task, struct store *store)
{
    (void)task, (void)store;
    uv_sleep(1);
}

static void on_ready(void *user)
{
    struct bench *bench = user;
    struct task *task;
    while ((task = worker_take(bench->worker))) {
        bench->runs++;
        if (!bench->over)
            worker_give(bench->worker, task);
    }
}

/* With more to keep up than one step does. */
static void bench_open(struct bench *bench, unsigned tasks)
{
    *bench = (struct bench){.runs = 0};
    disk_make(&bench->disk);
    disk_open(&bench->disk);
    assert_int_equal(uv_loop_init(&bench->loop), 0);
    bench->worker =
        worker_new(&bench->loop, bench->disk.store, bench->disk.second, on_ready, bench);
    for (unsigned i = 0; i < tasks; i++) {
        bench->tasks[i].run = run;
        worker_give(bench->worker, &bench->tasks[i]);
    }
    for (unsigned i = 0; i < 1000; i++)
        add(&bench->disk, "romeo@v", "Romeo", "<message to=''><body>word</body></message>");
}

/* After worker_stop(). */
static void bench_close(struct bench *bench)
{
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    on_ready(bench);
    worker_free(bench->worker);
    assert_int_equal(uv_loop_close(&bench->loop), 0);
    disk_close(&bench->disk);
    disk_delete(&bench->disk);
}

static void run_for(struct bench *bench, unsigned runs)
{
    int64_t end = clock_mono_ms() + PATIENCE_S * 1000;
    for (unsigned until = bench->runs + runs; bench->runs < until;) {
        assert_true(clock_mono_ms() < end);
        uv_run(&bench->loop, UV_RUN_ONCE);
    }
}

static void tasks_without_end_do_not_stop_the_upkeep(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, QUEUED);
    worker_wake(bench.worker, false);
    run_for(&bench, 50);
    bench.over = true;
    worker_stop(bench.worker);
    assert_int_equal(store_upkeep(bench.disk.second), STORE_NOTHING);
    bench_close(&bench);
}

/* While the loop is busy, each worker_wake() brings one step. */
static void a_busy_loop_is_left_the_processor(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 0);
    worker_wake(bench.worker, true);
    uv_sleep(500);
    worker_stop(bench.worker);
    assert_int_equal(store_upkeep(bench.disk.second), STORE_OK);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_without_end_do_not_stop_the_upkeep),
        cmocka_unit_test(a_busy_loop_is_left_the_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
