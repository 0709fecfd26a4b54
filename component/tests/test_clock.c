/* The clock is set while rooms are open: messages keep their order and bear the clock's time. */

#include "clock_fixture.h"
#include "coven/log.h"
#include "log_fixture.h"
#include "muc/state/service_state.h"

/* The eras in the store are those in memory. */
static void expect_eras(struct rig *rig, unsigned count)
{
    const struct eras *known = &rig->service->era.eras;
    struct eras kept = eras_begin(0);
    assert_true(store_eras(rig->store, &kept) != STORE_FAILED);
    assert_int_equal(kept.count, count);
    assert_int_equal(known->count, count);
    assert_memory_equal(kept.list, known->list, count * sizeof *kept.list);
}

/* Waits until the log's limit of lines a second allows a line again. */
static struct listener listen_anew(void)
{
    log_open("coven", LOG_INFO);
    return listen_to_log();
}

/* ---- Stamps ---- */

static void a_jump_ends_with_itself(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(""));
    expect_eras(&rig, 2);
    expect_archive(&rig, "", TWISTED, "<first index='0'>", "<count>5</count>");
    expect_history(&rig, "", TWISTED);
    rig_restart(&rig);
    expect_eras(&rig, 2);
    speak(&rig, "f");
    expect_eras(&rig, 2);
    expect_archive(&rig, "", TWISTED " f@5", "<first index='0'>", "<count>6</count>");
    rig_send(&rig, "<iq type='get' id='meta' from='" ROMEO "' to='" ROOM "'><metadata xmlns='" MAM
                   "'/></iq>");
    rig_expect(&rig, ROMEO, "timestamp='" AT("00") "'", "timestamp='" AT("05") "'", NULL);
    rig_close(&rig);
}

static void a_clock_that_is_set_back_is_followed(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    speak(&rig, "a");
    rig.ahead_ms = -DAY;
    speak(&rig, "b");
    speak(&rig, "c");
    rig.ahead_ms = 0; /* the offset is no longer needed */
    speak(&rig, "d");
    assert_int_equal(eras_offset(&rig.service->era.eras), 0);
    expect_eras(&rig, 3);
    expect_archive(&rig, "", "a@0 b@-86399 c@-86398 d@3", "index='0'", "<count>4</count>");
    rig_close(&rig);
}

static void small_steps_are_smoothed(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    speak(&rig, "a");
    rig.ahead_ms = -2500;
    speak(&rig, "b");
    speak(&rig, "c");
    expect_eras(&rig, 1);
    expect_archive(&rig, "", "a@0 b@0 c@0", "index='0'", "<count>3</count>");
    rig_close(&rig);
}

/* A store as an older version left it. */
static void an_old_store_mends_itself(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig.ahead_ms = FAR;
    speak(&rig, "a");
    rig.ahead_ms = 0;
    struct listener listener = listen_anew();
    rig_restart(&rig);
    char *log = end_listening(&listener);
    assert_non_null(strstr(log, "34559999.000 s behind the newest stored message"));
    free(log);
    speak(&rig, "b");
    rig_restart(&rig);
    speak(&rig, "c");
    expect_archive(&rig, "", "a@34560000 b@1 c@2", "index='0'", "<count>3</count>");
    rig_close(&rig);
}

static void an_offset_ends_when_the_clock_has_come_so_far(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(""));
    rig.now_ms += 401 * DAY;
    rig_restart(&rig);
    speak(&rig, "f");
    assert_int_equal(eras_offset(&rig.service->era.eras), 0);
    expect_archive(&rig, "", TWISTED " f@34646405", "index='0'", "<count>6</count>");
    rig_close(&rig);
}

static void history_that_is_not_archived_has_its_stamps(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    expect_history(&rig, "", TWISTED);
    rig_restart(&rig);
    speak(&rig, "f");
    expect_history(&rig, "", TWISTED " f@5");
    rig_close(&rig);
}

/* The messages were not written yet, but their era was. */
static void messages_that_a_crash_swallowed_leave_their_era(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    rig_restart(&rig);
    rig.ahead_ms = -DAY;
    speak(&rig, "f");
    expect_history(&rig, "", "f@-86395");
    rig_close(&rig);
}

/* ---- Faults ---- */

static void a_dropped_turn_takes_its_era_along(void **state)
{
    (void)state;
    unsigned dropped = 0;
    for (unsigned k = 1; k < 20; k++) {
        struct rig rig;
        room_open(&rig, CONFIGURE(""));
        speak(&rig, "a");
        rig.ahead_ms = FAR;
        speak(&rig, "b");
        rig.ahead_ms = 0;
        rig.fail_at = k;
        rig_send(&rig, "<message xmlns='jabber:client' type='groupchat' from='" JULIET "' to='" ROOM
                       "' id='c'><body>hello</body></message>");
        bool failed = rig.fail_at == 0;
        rig.fail_at = 0;
        expect_eras(&rig, failed ? 1 : 2);
        rig.now_ms += 1000;
        speak(&rig, "d");
        expect_eras(&rig, 2);
        rig_restart(&rig);
        speak(&rig, "e");
        expect_archive(&rig, "", failed ? "a@0 b@34560001 d@3 e@4" : "a@0 b@34560001 c@2 d@3 e@4",
                       "index", "");
        dropped += failed;
        rig_close(&rig);
    }
    assert_in_range(dropped, 3, 18);
}

static void a_flapping_clock_is_tolerated(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    speak(&rig, "a");
    for (int i = 0; i < 300; i++) {
        rig.ahead_ms = i % 2 == 0 ? FAR + i % 7 * DAY : i % 3 * -DAY;
        say(&rig, ROMEO, "x", "<body>flap</body>");
        assert_in_range(rig.service->era.eras.count, 1, ERAS_MAX);
    }
    rig.ahead_ms = 0;
    speak(&rig, "b");
    expect_eras(&rig, ERAS_MAX);
    /* Ids do not run ahead with the clock. */
    assert_true(key_time(rig.service->era.eras.last_key) < START_MS + FAR + 8 * DAY);
    rig_restart(&rig);
    speak(&rig, "c");
    while (store_upkeep(rig.store) == STORE_OK) /* else the search may have no time for it */
        continue;
    expect_archive(&rig, MAM_FORM(FIELD("with", ROOM "/Juliet")), "a@0 b@301 c@302", "'true'", "");
    struct eras kept = rig.service->era.eras;
    while (--kept.count > 0)
        assert_int_equal(store_era_delete(rig.store, kept.list[kept.count].from), STORE_OK);
    assert_int_equal(store_eras(rig.store, &kept), STORE_NOTHING); /* and no others */
    store_rollback(rig.store);
    rig_close(&rig);
}

static unsigned count_in(const char *text, const char *word)
{
    unsigned count = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        count++;
    return count;
}

static void each_jump_is_logged(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    struct listener listener = listen_anew();
    rig.ahead_ms = FAR;
    rig_wait(&rig, 1);
    rig_wait(&rig, 100000);
    rig.ahead_ms += 1900; /* no jump */
    rig_wait(&rig, 1);
    rig.ahead_ms = -1500;
    rig_wait(&rig, 1);
    rig_wait(&rig, 1);
    char *log = end_listening(&listener);
    assert_int_equal(count_in(log, "clock:"), 2);
    assert_non_null(strstr(log, "clock: jumped forward by 34560000.000 s\n"));
    assert_non_null(strstr(log, "clock: jumped back by 34560003.400 s\n"));
    free(log);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jump_ends_with_itself),
        cmocka_unit_test(a_clock_that_is_set_back_is_followed),
        cmocka_unit_test(small_steps_are_smoothed),
        cmocka_unit_test(an_old_store_mends_itself),
        cmocka_unit_test(an_offset_ends_when_the_clock_has_come_so_far),
        cmocka_unit_test(history_that_is_not_archived_has_its_stamps),
        cmocka_unit_test(messages_that_a_crash_swallowed_leave_their_era),
        cmocka_unit_test(a_dropped_turn_takes_its_era_along),
        cmocka_unit_test(a_flapping_clock_is_tolerated),
        cmocka_unit_test(each_jump_is_logged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
