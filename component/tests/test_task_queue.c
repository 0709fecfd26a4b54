/* Whose task is next: users take turns by the time that their tasks took. */

#include "coven/mem.h"
#include "muc/limit/task_queue.h"
#include "unit.h"

#define ANNA  "anna@localhost"
#define BERTA "berta@localhost"
#define ALL   1000
#define OWN   100

static const struct hash_seed seed = {1, 2};

struct note {
    struct task task;
    const char *of;
};

static bool admits(struct task_queue *queue, const char *user, unsigned all, unsigned own)
{
    return task_queue_admits(queue, &seed, span_of(user), all, own);
}

static void add(struct task_queue *queue, const char *user, unsigned count)
{
    while (count-- > 0) {
        struct note *note = mem_new(sizeof *note);
        note->of = user;
        task_queue_add(queue, &seed, span_of(user), &note->task);
        task_queue_make_ready(&note->task);
    }
}

/* NULL: of nobody. The caller gives it back. */
static struct note *take(struct task_queue *queue, const char *user)
{
    struct note *note = (struct note *)task_queue_next(queue, NULL);
    if (!user) {
        assert_null(note);
        return NULL;
    }
    assert_non_null(note);
    assert_string_equal(note->of, user);
    note->task.taken = true;
    return note;
}

static void give_back(struct task_queue *queue, struct note *note, int64_t ms)
{
    note->task.used_us = ms * 1000;
    task_queue_remove(queue, &note->task);
    free(note);
}

static void run(struct task_queue *queue, const char *user, int64_t ms)
{
    give_back(queue, take(queue, user), ms);
}

/* Everything was given back and nobody is remembered without need. */
static void expect_end(struct task_queue *queue)
{
    take(queue, NULL);
    assert_int_equal(queue->count, 0);
    assert_int_equal(queue->busy, 0);
    task_queue_free_all(queue);
    assert_int_equal(queue->by_bare.count, 0);
}

static void a_hundred_of_one_user_keep_nobody_waiting(void **state)
{
    (void)state;
    struct task_queue queue = {.count = 0};
    add(&queue, ANNA, 100);
    run(&queue, ANNA, 10);
    add(&queue, BERTA, 3);
    for (unsigned i = 0; i < 3; i++) {
        run(&queue, ANNA, 10);
        run(&queue, BERTA, 10);
    }
    for (unsigned i = 0; i < 96; i++)
        run(&queue, ANNA, 10);
    expect_end(&queue);
}

static void who_used_much_waits_longer(void **state)
{
    (void)state;
    struct task_queue queue = {.count = 0};
    add(&queue, ANNA, 2);
    add(&queue, BERTA, 100);
    run(&queue, ANNA, 50);
    for (unsigned i = 0; i < 46; i++) /* each counts a little more */
        run(&queue, BERTA, 1);
    run(&queue, ANNA, 50);
    for (unsigned i = 0; i < 54; i++)
        run(&queue, BERTA, 1);
    expect_end(&queue);
}

/* Also if a user has no task waiting meanwhile, and so looks like a newcomer. */
static void who_used_much_is_remembered(void **state)
{
    (void)state;
    struct task_queue queue = {.count = 0};
    add(&queue, ANNA, 1);
    add(&queue, BERTA, 100);
    run(&queue, ANNA, 50);
    run(&queue, BERTA, 1);
    add(&queue, ANNA, 1);
    for (unsigned i = 0; i < 25; i++)
        run(&queue, BERTA, 1);
    run(&queue, BERTA, 1000);
    run(&queue, ANNA, 1);
    for (unsigned i = 0; i < 73; i++)
        run(&queue, BERTA, 1);
    expect_end(&queue);
}

/* Users do not save up time by asking for nothing. */
static void idle_users_are_not_ahead(void **state)
{
    (void)state;
    struct task_queue queue = {.count = 0};
    add(&queue, ANNA, 100);
    for (unsigned i = 0; i < 50; i++)
        run(&queue, ANNA, 10);
    add(&queue, BERTA, 20);
    for (unsigned i = 0; i < 20; i++) {
        run(&queue, i % 2 ? BERTA : ANNA, 10);
    }
    for (unsigned i = 0; i < 20; i++)
        run(&queue, i % 2 ? BERTA : ANNA, 10);
    for (unsigned i = 0; i < 30; i++)
        run(&queue, ANNA, 10);
    expect_end(&queue);
}

static void four_of_one_user_at_once(void **state)
{
    (void)state;
    struct task_queue queue = {.count = 0};
    struct note *out[5];
    add(&queue, ANNA, 6);
    for (unsigned i = 0; i < 4; i++)
        out[i] = take(&queue, ANNA);
    take(&queue, NULL);
    add(&queue, BERTA, 1);
    run(&queue, BERTA, 1);
    give_back(&queue, out[0], 1);
    out[4] = take(&queue, ANNA);
    take(&queue, NULL);
    for (unsigned i = 1; i < 5; i++)
        give_back(&queue, out[i], 1);
    run(&queue, ANNA, 1);
    expect_end(&queue);
}

static void slots_are_left_for_others(void **state)
{
    (void)state;
    struct task_queue queue = {.count = 0};
    unsigned anna = 0, berta = 0;
    for (; admits(&queue, ANNA, ALL, ALL); anna++)
        add(&queue, ANNA, 1);
    for (; admits(&queue, BERTA, ALL, ALL); berta++)
        add(&queue, BERTA, 1);
    assert_in_range(anna, 100, 125);
    assert_in_range(berta, 90, 125);
    assert_true(admits(&queue, "carla@localhost", ALL, OWN));
    assert_false(admits(&queue, ANNA, ALL, OWN));
    assert_false(admits(&queue, "carla@localhost", anna + berta, OWN));
    struct task *task;
    while ((task = task_queue_next(&queue, NULL))) {
        task->taken = true;
        give_back(&queue, (struct note *)task, 1);
    }
    expect_end(&queue);
}

/* Thousands of users who ask once each are forgotten while others ask. */
static void newcomers_are_forgotten(void **state)
{
    (void)state;
    struct task_queue queue = {.count = 0};
    static char users[5000][32];
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(users[i], sizeof users[i], "user%u@localhost", i);
        add(&queue, users[i], 1);
        if (i >= 10)
            run(&queue, users[i - 10], 10);
        assert_in_range(queue.by_bare.count, 1, 40);
    }
    for (unsigned i = 4990; i < 5000; i++)
        run(&queue, users[i], 10);
    expect_end(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_of_one_user_keep_nobody_waiting),
        cmocka_unit_test(who_used_much_waits_longer),
        cmocka_unit_test(who_used_much_is_remembered),
        cmocka_unit_test(idle_users_are_not_ahead),
        cmocka_unit_test(four_of_one_user_at_once),
        cmocka_unit_test(slots_are_left_for_others),
        cmocka_unit_test(newcomers_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
