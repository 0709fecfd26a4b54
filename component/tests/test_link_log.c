/* The log lines about a server that refuses the link or cannot be reached. */
#include "link_fixture.h"
#include "log_fixture.h"

static unsigned count_lines(const char *text)
{
    unsigned count = 0;
    for (; (text = strchr(text, '\n')); text++)
        count++;
    return count;
}

/* One clear line names the reason, and no line holds the secret. */
static void assert_refusal(struct fixture *fixture, const char *line, bool is_slow)
{
    struct link_settings settings = settings_of(fixture);
    settings.backoff_min_ms = 1;
    settings.backoff_max_ms = 2000;
    struct listener listener = listen_to_log();
    open_link(fixture, &settings);
    run_for(fixture, 300);
    char *log = end_listening(&listener);
    if (!strstr(log, line))
        fail_msg("the log has no \"%s\", but: %s", line, log);
    assert_null(strstr(log, SECRET));
    assert_int_equal(fixture->ups, 0);
    assert_int_equal(fixture->downs, 0);
    if (is_slow)
        assert_int_equal(fixture->connections, 1);
    else
        assert_in_range(fixture->connections, 3, 12);
    assert_in_range(count_lines(log), 1, 5);
    free(log);
}

static void test_wrong_secret(void **state)
{
    struct fixture *fixture = *state;
    fixture->welcome = STREAM_ERROR("not-authorized");
    fixture->hang_up = true;
    char line[200];
    snprintf(line, sizeof line,
             "coven: error: 127.0.0.1:%u refused " DOMAIN
             ": the secret is wrong (not-authorized): \"words\"; next try in ",
             fixture->port);
    assert_refusal(fixture, line, true);
}

static void test_unknown_host(void **state)
{
    struct fixture *fixture = *state;
    fixture->greeting = STREAM STREAM_ERROR("host-unknown");
    fixture->welcome = NULL;
    fixture->hang_up = true;
    assert_refusal(fixture, "the server has no component of that name (host-unknown)", true);
}

static void test_conflict(void **state)
{
    struct fixture *fixture = *state;
    fixture->welcome = STREAM_ERROR("conflict");
    assert_refusal(fixture, "another component is connected under that name (conflict)", false);
}

static void test_server_shuts_down(void **state)
{
    struct fixture *fixture = *state;
    fixture->welcome = STREAM_ERROR("system-shutdown");
    assert_refusal(fixture, ": the server is shutting down (system-shutdown)", false);
}

static void test_not_xmpp(void **state)
{
    struct fixture *fixture = *state;
    fixture->greeting = "HTTP/1.1 400 Bad Request\r\n\r\n";
    assert_refusal(fixture, "cannot reach 127.0.0.1:", false);
}

static void test_nobody_listens(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    uv_close((uv_handle_t *)&fixture->listener, NULL);
    run_for(fixture, 10);
    settings.backoff_max_ms = 5;
    struct listener listener = listen_to_log();
    open_link(fixture, &settings);
    run_for(fixture, 500); /* about 125 attempts */
    char *log = end_listening(&listener);
    char line[200];
    snprintf(line, sizeof line, "coven: error: cannot reach 127.0.0.1:%u: connection refused; next",
             settings.port);
    if (!strstr(log, line))
        fail_msg("the log has no \"%s\", but: %s", line, log);
    assert_in_range(count_lines(log), 4, 10);
    free(log);
}

static void test_no_such_host(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.host = "no.such.host.invalid";
    settings.backoff_min_ms = settings.backoff_max_ms = 5000;
    struct listener listener = listen_to_log();
    open_link(fixture, &settings);
    run_for(fixture, 1000);
    char *log = end_listening(&listener);
    if (count_lines(log) > 0) /* a resolver may be slow */
        assert_non_null(strstr(log, "cannot reach no.such.host.invalid:"));
    free(log);
}

/* ---- Another service under the same domain ---- */

#define PING_END "<ping xmlns='urn:xmpp:ping'/></iq>"

/* Returns the link's pings to it, or answers them as another service would. */
static char *log_of_answers(struct fixture *fixture, bool comes_back, bool is_answered)
{
    struct link_settings settings = settings_of(fixture);
    settings.seeks_rival = true;
    struct listener listener = listen_to_log();
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    run_for(fixture, 100);
    char id[64], answer[256], *ping = strstr(fixture->heard.data, "<iq type='get' id='");
    assert_non_null(ping);
    assert_int_equal(sscanf(ping, "<iq type='get' id='%63[^']'", id), 1);
    snprintf(answer, sizeof answer, "<iq type='error' id='%s' from='" DOMAIN "' to='" DOMAIN "'/>",
             id);
    for (int i = 0; i < 3; i++) {
        if (comes_back)
            say_bytes(fixture, ping, (size_t)(strstr(ping, PING_END) - ping) + strlen(PING_END));
        if (is_answered)
            say(fixture, answer);
    }
    run_for(fixture, 100);
    assert_int_equal(fixture->stanzas, 0);
    return end_listening(&listener);
}

static void test_a_rival(void **state)
{
    char *log = log_of_answers(*state, true, true);
    assert_int_equal(count_lines(log), 2);
    assert_non_null(
        strstr(log, "error: another service on the server also has the domain " DOMAIN " "));
    free(log);
}

static void test_no_rival(void **state)
{
    char *log = log_of_answers(*state, true, false);
    assert_null(strstr(log, "another service"));
    free(log);
}

/* A server that answers all pings itself is no rival. */
static void test_a_server_that_answers(void **state)
{
    char *log = log_of_answers(*state, false, true);
    assert_null(strstr(log, "another service"));
    free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_wrong_secret),          TEST(test_unknown_host), TEST(test_conflict),
        TEST(test_server_shuts_down),     TEST(test_not_xmpp),     TEST(test_nobody_listens),
        TEST(test_no_such_host),          TEST(test_a_rival),      TEST(test_no_rival),
        TEST(test_a_server_that_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
