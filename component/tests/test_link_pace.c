/* Pings limit what is under way to what the server handles in some milliseconds. */

#include "link_fixture.h"

#define MANY 100000

/* Opens a link whose first mark has come back. */
static void open_paced(struct fixture *fixture)
{
    struct link_settings settings = settings_of(fixture);
    fixture->echo = true;
    fixture->weight = 2048;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    fixture->to_send = 1;
    link_wake(fixture->link);
    run_for(fixture, 50);
    assert_int_equal(fixture->sent, 1);
    fixture->echo = false;
}

static void send_many(struct fixture *fixture, unsigned ms)
{
    fixture->to_send = fixture->sent + MANY;
    link_wake(fixture->link);
    run_for(fixture, ms);
}

/* The server returns the last ping. */
static void answer_ping(struct fixture *fixture)
{
    const char *last = NULL, *at = fixture->heard.data;
    while ((at = strstr(at, "<iq type='get' id='")))
        last = at++;
    assert_non_null(last);
    say_bytes(fixture, last, (size_t)(strstr(last, "</iq>") + 5 - last));
    run_for(fixture, 50);
}

static void a_window_ends_what_is_sent(void **state)
{
    struct fixture *fixture = *state;
    open_paced(fixture);
    send_many(fixture, 300);
    size_t sent = fixture->sent;
    assert_in_range(sent, 10, 1000);
    answer_ping(fixture);
    assert_in_range(fixture->sent, sent + 1, sent + 1000);
}

static void a_server_that_handles_much_gets_much(void **state)
{
    struct fixture *fixture = *state;
    open_paced(fixture);
    fixture->echo = true;
    send_many(fixture, 0);
    for (int i = 0; i < 100 && fixture->sent < fixture->to_send; i++)
        run_for(fixture, 100);
    assert_int_equal(fixture->sent, fixture->to_send);
}

static void a_ping_that_is_lost_does_not_end_it(void **state)
{
    struct fixture *fixture = *state;
    open_paced(fixture);
    send_many(fixture, 4000);
    assert_int_equal(fixture->sent, fixture->to_send);
    answer_ping(fixture);
    size_t sent = fixture->sent;
    send_many(fixture, 300);
    assert_in_range(fixture->sent, sent + 10, sent + 1000); /* pacing is on again */
}

static void pings_that_are_all_lost_do_not_end_pacing(void **state)
{
    struct fixture *fixture = *state;
    open_paced(fixture);
    send_many(fixture, 2000);
    assert_true(fixture->sent < fixture->to_send);
    buf_clear(&fixture->heard);
    fixture->handled = 0;
    run_for(fixture, 2000);
    assert_int_equal(fixture->sent, fixture->to_send);
    answer_ping(fixture); /* a new mark */
    send_many(fixture, 300);
    assert_true(fixture->sent < fixture->to_send);
}

static void a_server_without_pings_gets_everything(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->weight = 16384;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    send_many(fixture, 2000);
    assert_int_equal(fixture->sent, fixture->to_send);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_window_ends_what_is_sent, setup, teardown),
        cmocka_unit_test_setup_teardown(a_server_that_handles_much_gets_much, setup, teardown),
        cmocka_unit_test_setup_teardown(a_ping_that_is_lost_does_not_end_it, setup, teardown),
        cmocka_unit_test_setup_teardown(pings_that_are_all_lost_do_not_end_pacing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_server_without_pings_gets_everything, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
