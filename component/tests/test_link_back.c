/* How soon the link reconnects. */
#include "link_fixture.h"

#include "link/backoff.h"

static void assert_pauses_double(struct backoff *backoff, int64_t now)
{
    uint32_t whole = 1000;
    for (int i = 0; i < 12; i++) {
        assert_in_range(backoff_next(backoff, now), whole / 2, whole);
        whole = whole * 2 > 60000 ? 60000 : whole * 2;
    }
    assert_int_equal(whole, 60000);
}

static void test_backoff(void **state)
{
    (void)state;
    struct backoff backoff;
    backoff_init(&backoff, 1000, 60000);
    assert_pauses_double(&backoff, 0);
    uint32_t least = UINT32_MAX, most = 0;
    for (int i = 0; i < 200; i++) {
        uint32_t pause = backoff_next(&backoff, 0);
        least = pause < least ? pause : least;
        most = pause > most ? pause : most;
    }
    assert_in_range(least, 30000, 36000);
    assert_in_range(most, 54000, 60000);
}

static void test_backoff_is_quick_for_a_while(void **state)
{
    (void)state;
    struct backoff backoff;
    backoff_init(&backoff, 1000, 60000);
    for (int again = 0; again < 2; again++) {
        backoff_quick(&backoff, 5000);
        for (int i = 0; i < 100; i++)
            assert_in_range(backoff_next(&backoff, 4999), BACKOFF_QUICK_MS / 2, BACKOFF_QUICK_MS);
        assert_pauses_double(&backoff, 5000);
    }
    backoff_quick(&backoff, 5000);
    backoff_longest(&backoff);
    assert_in_range(backoff_next(&backoff, 0), 30000, 60000);
}

static struct link_settings settings_quick(const struct fixture *fixture, uint32_t after_ms)
{
    struct link_settings settings = settings_of(fixture);
    settings.backoff_after_ms = after_ms;
    settings.backoff_min_ms = settings.backoff_max_ms = 60000;
    return settings;
}

static void close_server(struct fixture *fixture)
{
    hang_up(fixture);
    uv_close((uv_handle_t *)&fixture->listener, NULL);
    run_for(fixture, 10);
}

/* The link is up again as soon as a restarted server is back. */
static void test_back_with_the_server(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_quick(fixture, 20000);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    run_for(fixture, 1100);
    for (unsigned again = 2; again < 5; again++) {
        close_server(fixture);
        run_for(fixture, again * 300);
        open_server(fixture);
        assert_true(run_until(fixture, &fixture->ups, again, BACKOFF_QUICK_MS + 200));
    }
}

/* The server starts after covend, as when a machine boots. */
static void test_there_before_the_server(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_quick(fixture, 20000);
    close_server(fixture);
    open_link(fixture, &settings);
    run_for(fixture, 1000);
    open_server(fixture);
    assert_true(run_until(fixture, &fixture->ups, 1, BACKOFF_QUICK_MS + 200));
}

static void test_quick_for_a_while_only(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_quick(fixture, 500);
    fixture->welcome = STREAM_ERROR("system-shutdown");
    open_link(fixture, &settings);
    run_for(fixture, 1000);
    unsigned connections = fixture->connections;
    assert_in_range(connections, 3, 7);
    run_for(fixture, 500);
    assert_int_equal(fixture->connections, connections);
}

/* After a long absence the server still holds a connection that was cut, and will soon notice. */
static void test_a_conflict_may_pass(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_quick(fixture, 600);
    settings.backoff_min_ms = settings.backoff_max_ms = 500;
    close_server(fixture);
    open_link(fixture, &settings);
    run_for(fixture, 1000);
    fixture->connections = 0;
    open_server(fixture);
    fixture->welcome = STREAM_ERROR("conflict");
    assert_true(run_until(fixture, &fixture->connections, 1, 1000));
    run_for(fixture, 400);
    assert_in_range(fixture->connections, 3, 6);
    assert_int_equal(fixture->ups, 0);
    fixture->welcome = "<handshake/>";
    assert_true(run_until(fixture, &fixture->ups, 1, BACKOFF_QUICK_MS + 200));
}

static void test_a_conflict_that_lasts(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_quick(fixture, 500);
    fixture->welcome = STREAM_ERROR("conflict");
    open_link(fixture, &settings);
    run_for(fixture, 1000);
    unsigned connections = fixture->connections;
    assert_in_range(connections, 3, 7);
    run_for(fixture, 500);
    assert_int_equal(fixture->connections, connections);
}

static void test_a_wrong_secret_does_not_pass(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_quick(fixture, 20000);
    fixture->welcome = STREAM_ERROR("not-authorized");
    open_link(fixture, &settings);
    run_for(fixture, 1000);
    assert_int_equal(fixture->connections, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backoff),    cmocka_unit_test(test_backoff_is_quick_for_a_while),
        TEST(test_back_with_the_server),   TEST(test_there_before_the_server),
        TEST(test_quick_for_a_while_only), TEST(test_a_conflict_may_pass),
        TEST(test_a_conflict_that_lasts),  TEST(test_a_wrong_secret_does_not_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
