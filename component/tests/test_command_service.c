/* stats, top, log-level, reload, stop. */

#include "command_fixture.h"
#include "coven/counts.h"
#include "coven/log.h"

static void statistics(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_send(&rig, SAY(JULIET, "one"));
    rig_send(&rig, SAY(TYBALT, "not inside"));
    rig_wait(&rig, 90);
    struct answer answer = command_run(&rig, "stats", "{}");
    assert_string_equal(answer_field(&answer, 0, "rooms"), "1");
    assert_string_equal(answer_field(&answer, 0, "public_rooms"), "1");
    assert_string_equal(answer_field(&answer, 0, "occupants"), "3");
    assert_string_equal(answer_field(&answer, 0, "sessions"), "4");
    assert_string_equal(answer_field(&answer, 0, "users"), "3");
    assert_string_equal(answer_field(&answer, 0, "messages_in"), "2");
    assert_string_equal(answer_field(&answer, 0, "refusals"), "1");
    assert_string_equal(answer_field(&answer, 0, "uptime"), "90");
    answer_free(&answer);
    rig_close(&rig);
}

/* The number of sessions is right after leaves, a dropped turn, a restart, and the end of a room.
 */
static void sessions_are_counted(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.drops = true;
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    assert_int_equal(counts_gauges(rig.service).sessions, 3);
    rig.drops = true;
    rig_send(&rig, LEAVE(MERCUTIO));
    assert_int_equal(counts_gauges(rig.service).sessions, 3);
    rig_send(&rig, LEAVE(MERCUTIO));
    assert_int_equal(counts_gauges(rig.service).sessions, 2);
    rig_restart(&rig);
    assert_int_equal(counts_gauges(rig.service).sessions, 2);
    command_do(&rig, "destroy", "{'room':'room'}");
    assert_int_equal(counts_gauges(rig.service).sessions, 0);
    assert_int_equal(counts_gauges(rig.service).occupants, 0);
    rig_close(&rig);
}

static void refusals_are_counted_by_reason(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, SAY(TYBALT, "a"));
    rig_send(&rig, SAY(TYBALT, "b"));
    rig_send(&rig, JOIN(TYBALT, "Romeo"));
    const struct counts *counts = counts_of(rig.service);
    assert_string_equal(counts->refusals[0].name, "not-acceptable");
    assert_int_equal(counts->refusals[0].count, 2);
    assert_string_equal(counts->refusals[1].name, "conflict");
    assert_null(counts->refusals[2].name);
    rig_close(&rig);
}

/* More names than there are places share the last one. */
static void named_counts_are_bounded(void **state)
{
    struct counts_named list[3] = {{NULL, 0}};
    static const char *const names[] = {"a", "b", "a", "c", "d", "b"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        counts_add_named(list, 3, names[i]);
    assert_int_equal(list[0].count, 2);
    assert_int_equal(list[1].count, 2);
    assert_string_equal(list[2].name, "other");
    assert_int_equal(list[2].count, 2);
}

static void times_are_counted_in_buckets(void **state)
{
    struct counts_times times = {{0}, 0, 0};
    (void)state;
    counts_add_time(&times, 100);
    counts_add_time(&times, 101);
    counts_add_time(&times, 5000000);
    assert_int_equal(times.buckets[0], 1);
    assert_int_equal(times.buckets[1], 1);
    assert_int_equal(times.buckets[COUNTS_BUCKETS], 1);
    assert_int_equal(times.count, 3);
    assert_int_equal(times.sum_us, 5000201);
}

static void say(struct rig *rig, const char *from, int times)
{
    char text[512];
    snprintf(text, sizeof text,
             "<message xmlns='jabber:client' type='groupchat' from='%s' to='" ROOM
             "'><body>x</body></message>",
             from);
    for (int i = 0; i < times; i++)
        rig_send(rig, text);
}

static void the_busiest(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_wait(&rig, 200);
    say(&rig, JULIET, 9);
    say(&rig, ROMEO, 4);
    say(&rig, TYBALT, 3);
    rig_wait(&rig, 200);
    say(&rig, ROMEO, 6);
    struct answer answer = command_run(&rig, "top", "{'limit':2}");
    assert_int_equal(json_array_size(answer.rows), 3);
    assert_string_equal(answer_field(&answer, 0, "name"), ROOM);
    assert_string_equal(answer_field(&answer, 0, "stanzas"), "22");
    assert_string_equal(answer_field(&answer, 1, "name"), "romeo@verona.lit");
    assert_string_equal(answer_field(&answer, 1, "stanzas"), "10");
    assert_string_equal(answer_field(&answer, 2, "name"), "juliet@capulet.lit");
    assert_string_equal(answer_field(&answer, 1, "seconds"), "200");
    answer_free(&answer);
    answer = command_run(&rig, "top", "{}");
    assert_string_equal(answer_field(&answer, 3, "name"), "tybalt@capulet.lit");
    assert_string_equal(answer_field(&answer, 3, "refusals"), "3");
    answer_free(&answer);
    rig_wait(&rig, 200);
    rig_wait(&rig, 200);
    answer = command_run(&rig, "top", "{}");
    assert_int_equal(json_array_size(answer.rows), 0);
    answer_free(&answer);
    rig_close(&rig);
}

/* Whoever floods is found among thousands. */
static void a_flood_is_found(void **state)
{
    struct rig rig;
    char from[64];
    (void)state;
    rig_open(&rig);
    rig_wait(&rig, 200);
    for (int i = 0; i < 3000; i++) {
        snprintf(from, sizeof from, "u%d@capulet.lit/x", i);
        say(&rig, from, 1);
        if (i % 10 == 0)
            say(&rig, JULIET, 1);
        rig_drain(&rig);
    }
    struct answer answer = command_run(&rig, "top", "{'limit':1}");
    assert_string_equal(answer_field(&answer, 0, "name"), "juliet@capulet.lit");
    assert_string_equal(answer_field(&answer, 0, "stanzas"), "300");
    answer_free(&answer);
    rig_close(&rig);
}

static bool reload(void *user)
{
    return *(bool *)user;
}

static void stop(void *user)
{
    *(bool *)user = true;
}

static void what_only_the_daemon_can_do(void **state)
{
    struct rig rig;
    bool flag = false;
    (void)state;
    rig_open(&rig);
    command_refused(&rig, "reload", "{}", "feature-not-implemented");
    struct run_host host = {.user = &flag, .reload = reload, .stop = stop};
    run_set_host(rig.service, &host);
    command_refused(&rig, "reload", "{}", "conflict");
    command_do(&rig, "stop", "{}");
    assert_true(flag);
    command_do(&rig, "reload", "{}");
    rig_close(&rig);
}

static void the_level_of_the_log(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    command_do(&rig, "log-level", "{'level':'error'}");
    struct answer answer = command_run(&rig, "log-level", "{}");
    assert_string_equal(answer_field(&answer, 0, "level"), "error");
    answer_free(&answer);
    assert_int_equal(log_level(), LOG_ERROR);
    log_set_level(LOG_INFO);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics),
        cmocka_unit_test(sessions_are_counted),
        cmocka_unit_test(refusals_are_counted_by_reason),
        cmocka_unit_test(named_counts_are_bounded),
        cmocka_unit_test(times_are_counted_in_buckets),
        cmocka_unit_test(the_busiest),
        cmocka_unit_test(a_flood_is_found),
        cmocka_unit_test(what_only_the_daemon_can_do),
        cmocka_unit_test(the_level_of_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
