/* The link with a server that falls silent or breaks the connection. */
#include "link_fixture.h"
#include "log_fixture.h"

#include <dirent.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1 /* freed memory is kept */
#else
#define SANITIZED 0
#endif

/* ---- Silence ---- */

static void test_silent_before_the_handshake(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->greeting = NULL;
    settings.connect_ms = 100;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->connections, 3, 2000));
    assert_int_equal(fixture->downs, 0);
}

static void test_waiting_costs_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->greeting = NULL;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->connections, 1, 2000));
    fixture->rounds = 0;
    run_for(fixture, 500);
    assert_in_range(fixture->rounds, 1, 20);
}

static void test_silent_server(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.silence_ms = 200;
    settings.answer_ms = 100;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    int64_t from = clock_mono_ms();
    assert_true(run_until(fixture, &fixture->downs, 1, 2000));
    assert_in_range(clock_mono_ms() - from, 200, 330);
    assert_non_null(strstr(fixture->why, "no answer to a ping"));
    assert_true(run_until(fixture, &fixture->ups, 2, 2000));
}

/* The link must miss the answer to a ping that could not even be sent. */
static void test_stuck_server(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.silence_ms = 200;
    settings.answer_ms = 100;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    uv_read_stop((uv_stream_t *)fixture->peer);
    fixture->to_send = 1000000;
    link_wake(fixture->link);
    int64_t from = clock_mono_ms();
    assert_true(run_until(fixture, &fixture->downs, 1, 5000));
    assert_in_range(clock_mono_ms() - from, 200, 1000);
    fixture->sent = fixture->to_send;
}

/* Bytes in the system's send buffer of the link. If the system limits it to 1 MiB (wmem_max), they
 * are few anyway. */
static int bytes_on_the_way(const struct fixture *fixture)
{
    struct sockaddr_in link, own;
    int len = sizeof link;
    uv_tcp_getpeername(fixture->peer, (struct sockaddr *)&link, &len);
    for (int fd = 0; fd < FD_SETSIZE; fd++) {
        socklen_t size = sizeof own;
        int bytes;
        if (getsockname(fd, (struct sockaddr *)&own, &size) == 0 && own.sin_family == AF_INET &&
            own.sin_port == link.sin_port && ioctl(fd, SIOCOUTQ, &bytes) == 0)
            return bytes;
    }
    return -1;
}

/* Bytes in that buffer delay all later output of every room. */
static void test_little_waits_outside(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    uv_read_stop((uv_stream_t *)fixture->peer);
    fixture->to_send = 1000000;
    link_wake(fixture->link);
    run_for(fixture, 100);
    assert_true(fixture->sent > 0);
    assert_in_range(bytes_on_the_way(fixture), 1, 3 * 1024 * 1024);
    fixture->sent = fixture->to_send;
}

static void test_own_pings_come_back(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->echo = true;
    settings.silence_ms = 50;
    settings.answer_ms = 100;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    run_for(fixture, 700);
    assert_int_equal(fixture->ups, 1);
    assert_int_equal(fixture->stanzas, 0);
    assert_int_equal(fixture->turns, 0);
    unsigned pings = 0;
    for (char *at = fixture->heard.data; (at = strstr(at, "urn:xmpp:ping")); at++)
        pings++;
    assert_in_range(pings, 4, 30);
}

static void read_until(int fd, const char *end)
{
    char bytes[1024];
    size_t len = 0;
    ssize_t got;
    do {
        got = recv(fd, bytes + len, sizeof bytes - 1 - len, 0);
        len += got > 0 ? (size_t)got : 0;
        bytes[len] = '\0';
    } while (got > 0 && !strstr(bytes, end));
}

/* A server on its own thread, which answers while the link is still reading. */
static void serve_at_once(void *data)
{
    const int *listener = data;
    char bytes[1024];
    int fd = accept(*listener, NULL, NULL);
    read_until(fd, "<stream:stream ");
    send(fd, STREAM, strlen(STREAM), MSG_NOSIGNAL);
    read_until(fd, "</handshake>");
    send(fd, "<handshake/>", strlen("<handshake/>"), MSG_NOSIGNAL);
    for (ssize_t got; (got = recv(fd, bytes, sizeof bytes, 0)) > 0;)
        send(fd, bytes, (size_t)got, MSG_NOSIGNAL);
    close(fd);
}

static void test_answers_that_come_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    uv_thread_t thread;
    assert_int_equal(uv_thread_create(&thread, serve_at_once, &listener), 0);
    settings.port = ntohs(address.sin_port);
    settings.silence_ms = 25;
    settings.answer_ms = 200;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    run_for(fixture, 1500);
    assert_int_equal(fixture->downs, 0);
    assert_int_equal(fixture->stanzas, 0);
    link_stop(fixture->link, 0);
    assert_true(run_until(fixture, &fixture->stops, 1, 4000));
    link_free(fixture->link);
    fixture->link = NULL;
    uv_thread_join(&thread);
    close(listener);
}

static void test_anything_is_a_sign_of_life(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.silence_ms = 200;
    settings.answer_ms = 100;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    for (int i = 0; i < 8; i++) {
        run_for(fixture, 100);
        say(fixture, " ");
    }
    assert_int_equal(fixture->downs, 0);
    assert_null(strstr(fixture->heard.data, "urn:xmpp:ping"));
}

/* ---- Breaks ---- */

static void break_and_return(struct fixture *fixture, void (*break_off)(struct fixture *))
{
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    say(fixture, "<message id='1' from='a@b'/><message id='2'");
    assert_true(run_until(fixture, &fixture->stanzas, 1, 2000));
    break_off(fixture);
    assert_true(run_until(fixture, &fixture->downs, 1, 2000));
    assert_true(run_until(fixture, &fixture->ups, 2, 2000));
    say(fixture, "<message id='3' from='c@d'/>");
    assert_true(run_until(fixture, &fixture->stanzas, 2, 2000));
    assert_string_equal(fixture->seen.data, "message a@b 1;message c@d 3;");
}

static void test_fin(void **state)
{
    break_and_return(*state, hang_up);
}

static void test_rst(void **state)
{
    break_and_return(*state, reset_peer);
}

/* A malformed stanza is cut, and the connection stays. */
static void test_a_malformed_stanza(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    say(fixture,
        "<message id='1' from='a@b'><body>half</message><message id='2' from='a@b' p:q=''/>"
        "<message id='3' from='c@d'><x:y/></message><message id='4' from='c@d'/>");
    assert_true(run_until(fixture, &fixture->stanzas, 4, 2000));
    run_for(fixture, 50);
    assert_string_equal(fixture->seen.data,
                        "message a@b 1;message a@b 2;message c@d 3;message c@d 4;");
    assert_int_equal(fixture->cut, 3);
    assert_int_equal(fixture->downs, 0);
}

static void test_malformed(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    say(fixture, "<message id='1' from='a@b'/></nobody>");
    assert_true(run_until(fixture, &fixture->ups, 2, 2000));
    assert_int_equal(fixture->stanzas, 1);
    assert_non_null(strstr(fixture->why, "not-well-formed"));
    assert_non_null(strstr(fixture->why, "mismatched tag"));
}

static void say_end(struct fixture *fixture)
{
    say(fixture, "/></stream:stream>");
}

static void test_the_end_of_the_stream(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    say(fixture, "<message id='1'");
    say_end(fixture);
    assert_true(run_until(fixture, &fixture->ups, 2, 2000));
    assert_int_equal(fixture->stanzas, 1);
}

static void say_conflict(struct fixture *fixture)
{
    say(fixture, "/>" STREAM_ERROR("conflict"));
}

/* Another service has replaced the connection: to replace it at once would be a fight. */
static void test_conflict_later(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.backoff_after_ms = 5000;
    settings.backoff_min_ms = 1;
    settings.backoff_max_ms = 5000;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    say(fixture, "<message id='1'");
    say_conflict(fixture);
    assert_true(run_until(fixture, &fixture->downs, 1, 2000));
    run_for(fixture, 300);
    assert_int_equal(fixture->ups, 1);
    assert_non_null(strstr(fixture->why, "conflict"));
}

/* The reason does not name an errno that the user left. */
static void test_the_end_is_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->error_left = ENOSPC;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    hang_up(fixture);
    assert_true(run_until(fixture, &fixture->downs, 1, 2000));
    assert_string_equal(fixture->why, "the server closed the connection");
}

static void test_stop_when_down(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->stop_when_down = true;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    hang_up(fixture);
    assert_true(run_until(fixture, &fixture->stops, 1, 2000));
    run_for(fixture, 50);
    assert_int_equal(fixture->stops, 1);
    assert_int_equal(fixture->connections, 1);
    link_free(fixture->link);
    fixture->link = NULL;
}

/* One read brings both: libstrophe has already seen the end when the stanza is handed on. */
static void test_stop_at_a_stanza_before_the_end(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->stop_at_stanza = true;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    say(fixture, "<message id='1' from='a@b'/></stream:stream>");
    assert_true(run_until(fixture, &fixture->stops, 1, 2000));
    assert_int_equal(fixture->stanzas, 1);
    assert_int_equal(fixture->downs, 1);
    assert_int_equal(fixture->connections, 1);
    link_free(fixture->link);
    fixture->link = NULL;
}

/* ---- Many times ---- */

static unsigned count_descriptors(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static size_t resident(void)
{
    long pages = 0, total = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &total, &pages), 2);
    fclose(file);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void reconnect(struct fixture *fixture, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        fixture->to_send += 5000;
        link_wake(fixture->link);
        if (i % 3 == 0)
            hang_up(fixture);
        else if (i % 3 == 1)
            reset_peer(fixture);
        else
            say(fixture, "<m><a></m>");
        assert_true(run_until(fixture, &fixture->ups, fixture->ups + 1, 5000));
    }
}

static void test_nothing_grows(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.backoff_max_ms = 2;
    struct listener listener = listen_to_log();
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    reconnect(fixture, 50);
    unsigned fds = count_descriptors();
    size_t memory = resident();
    reconnect(fixture, 200);
    size_t after = resident();
    unsigned fds_after = count_descriptors();
    free(end_listening(&listener));
    print_message("200 reconnects: descriptors %u, then %u; memory %zu KiB, then %zu KiB\n", fds,
                  fds_after, memory / 1024, after / 1024);
    assert_int_equal(fds_after, fds);
    if (!SANITIZED)
        assert_true(after < memory + memory / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_silent_before_the_handshake),
        TEST(test_waiting_costs_nothing),
        TEST(test_silent_server),
        TEST(test_stuck_server),
        TEST(test_little_waits_outside),
        TEST(test_own_pings_come_back),
        TEST(test_answers_that_come_at_once),
        TEST(test_anything_is_a_sign_of_life),
        TEST(test_fin),
        TEST(test_rst),
        TEST(test_a_malformed_stanza),
        TEST(test_malformed),
        TEST(test_the_end_of_the_stream),
        TEST(test_conflict_later),
        TEST(test_the_end_is_nothing_else),
        TEST(test_stop_when_down),
        TEST(test_stop_at_a_stanza_before_the_end),
        TEST(test_nothing_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
