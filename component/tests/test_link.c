/* The link on a server that behaves: handshake, turns, slices, stop. */
#include "link_fixture.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

static void test_handshake(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    assert_non_null(strstr(fixture->heard.data, "to=\"" DOMAIN "\""));
    /* SHA-1 of "3" SECRET */
    assert_non_null(
        strstr(fixture->heard.data, ">5fd74cd5c771206184e26ae88b6816cf57000156</handshake>"));
}

static void test_a_host_name(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.host = "localhost"; /* ::1 perhaps first, where nobody listens */
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
}

/* New settings apply to the next connection; a pending attempt is made at once. */
static void test_other_settings(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture), wrong = settings;
    wrong.port = 1;
    wrong.secret = "another";
    wrong.backoff_min_ms = wrong.backoff_max_ms = 60000;
    open_link(fixture, &wrong);
    run_for(fixture, 100);
    assert_int_equal(fixture->ups, 0);
    link_configure(fixture->link, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    assert_non_null(strstr(fixture->heard.data, ">5fd74cd5c771206184e26ae88b6816cf57000156<"));
    link_configure(fixture->link, &settings);
    run_for(fixture, 100);
    assert_int_equal(fixture->downs, 0); /* the connection stays */
}

static void test_stanzas_come_in_turns(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->welcome = "<handshake/><message id='1' from='a@b'/>";
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->stanzas, 1, 2000));
    assert_int_equal(fixture->ups, 1);
    say(fixture, "<presence xmlns:x='u' x:from='evil' from='c@d' id='2'/>"
                 "<iq from='e@f' x:from='evil' xmlns:x='u' id='3'/>"
                 "<other from='x'/><x:message xmlns:x='u'/> \n");
    assert_true(run_until(fixture, &fixture->stanzas, 3, 2000));
    run_for(fixture, 20);
    assert_string_equal(fixture->seen.data, "message a@b 1;presence c@d 2;iq e@f 3;");
    assert_int_equal(fixture->turns, 2);
    assert_false(fixture->in_turn);
}

static void test_a_turn_has_an_end(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    struct buf talk = BUF_INIT;
    for (int i = 0; i < 20000; i++)
        buf_printf(&talk, "<message from='a@b' id='%d'><body>hello</body></message>", i);
    say_bytes(fixture, talk.data, talk.len);
    assert_true(run_until(fixture, &fixture->stanzas, 20000, 20000));
    assert_true(fixture->turns >= talk.len / settings.input_bytes);
    buf_free(&talk);
}

static void test_a_cut_stanza(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    say(fixture, "<message from='a@b' id='1'>");
    for (int i = 0; i < 2000; i++)
        say(fixture, "<a/>");
    say(fixture, "</message><message from='a@b' id='2'/>");
    assert_true(run_until(fixture, &fixture->stanzas, 2, 2000));
    assert_int_equal(fixture->cut, 1);
    assert_string_equal(fixture->seen.data, "message a@b 1;message a@b 2;");
}

static const char ping[] = "<ping xmlns='urn:xmpp:ping'/></iq>";

static const char *skip_ping(const char *at)
{
    return strncmp(at, "<iq ", 4) == 0 ? strstr(at, ping) + sizeof ping - 1 : at;
}

/* Every stanza, once and in order; the link's own pings may stand between them. */
static void assert_all_heard(struct fixture *fixture, size_t count)
{
    const char *at = fixture->heard.data + fixture->before_talk;
    for (size_t i = 0; i < count; i++) {
        at = skip_ping(at);
        char expected[128];
        int len = format_stanza(expected, sizeof expected, i);
        assert_memory_equal(at, expected, (size_t)len);
        at += len;
    }
    assert_string_equal(skip_ping(at), "</stream:stream>");
}

static void test_slices_leave_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    const size_t count = 200000; /* about 9 MiB */
    fixture->to_send = count;
    fixture->before_talk = fixture->heard.len;
    int64_t from = clock_mono_ms();
    link_wake(fixture->link);
    link_stop(fixture->link, 20000);
    assert_true(run_until(fixture, &fixture->stops, 1, 30000));
    print_message("%zu bytes drained in %d ms\n", fixture->heard.len,
                  (int)(clock_mono_ms() - from));
    assert_true(fixture->heard.len > 8 << 20);
    assert_true(fixture->parted);
    assert_int_equal(fixture->downs, 1);
    assert_all_heard(fixture, count);
    link_free(fixture->link);
    fixture->link = NULL;
}

/* ---- Receipts ---- */

static const char *last_ping(const struct fixture *fixture)
{
    const char *last = NULL, *at = fixture->heard.data + fixture->before_talk;
    while ((at = strstr(at, "<iq type='get' id='")))
        last = at++;
    return last;
}

/* Sends `count` numbered stanzas and has the server read them. */
static void send_all(struct fixture *fixture, size_t count)
{
    fixture->before_talk = fixture->heard.len;
    fixture->to_send = fixture->sent + count;
    link_wake(fixture->link);
    while (fixture->sent < fixture->to_send)
        run_for(fixture, 10);
    run_for(fixture, 50);
}

/* The question directly follows the slice with the last stanza that it confirms. */
static void test_a_receipt_is_asked_behind_the_slice(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    fixture->receipt_behind = 100000; /* several slices */
    send_all(fixture, 100000);
    const char *question = last_ping(fixture);
    char last[128];
    assert_non_null(question);
    int len = format_stanza(last, sizeof last, 99999);
    assert_memory_equal(question - len, last, (size_t)len);
    assert_string_equal(question + strcspn(question, ">") + 1,
                        "<ping xmlns='urn:xmpp:ping'/></iq>");
    assert_int_equal(fixture->receipts, 0);
    assert_int_equal(fixture->stanzas, 0);
    say_bytes(fixture, question, strlen(question));
    assert_true(run_until(fixture, &fixture->receipts, 1, 2000));
    assert_int_equal(fixture->stanzas, 0);
    assert_false(fixture->in_turn);
    say_bytes(fixture, question, strlen(question)); /* a second time it is an ordinary iq */
    assert_true(run_until(fixture, &fixture->stanzas, 1, 2000));
    assert_int_equal(fixture->receipts, 1);
}

static void test_a_receipt_is_asked_without_a_slice(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->echo = true;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    fixture->sent = fixture->to_send = fixture->receipt_behind = 1;
    assert_true(run_until(fixture, &fixture->receipts, 1, 2000)); /* at the next tick */
    run_for(fixture, 600);
    assert_int_equal(fixture->receipts, 1);
    assert_int_equal(fixture->turns, 1);
}

/* A stop waits until the server confirms all of it, within the deadline. */
static void test_stop_waits_for_a_receipt(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->echo = true;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    fixture->to_send = fixture->receipt_behind = 100000;
    link_wake(fixture->link);
    link_stop(fixture->link, 20000);
    assert_true(run_until(fixture, &fixture->stops, 1, 30000));
    assert_int_equal(fixture->receipts, 1);
    link_free(fixture->link);
    fixture->link = NULL;
}

static void test_stop_waits_for_a_receipt_in_vain(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    fixture->to_send = fixture->receipt_behind = 10;
    int64_t from = clock_mono_ms();
    link_stop(fixture->link, 300);
    assert_true(run_until(fixture, &fixture->stops, 1, 5000));
    assert_in_range(clock_mono_ms() - from, 290, 1500);
    assert_int_equal(fixture->receipts, 0);
    link_free(fixture->link);
    fixture->link = NULL;
}

/* Only the server can confirm it, and only on the connection of the question. */
static void test_a_receipt_is_not_another_s(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    fixture->receipt_behind = 10;
    send_all(fixture, 10);
    const char *question = last_ping(fixture);
    assert_non_null(question);
    char id[33] = "", answer[300];
    memcpy(id, strstr(question, "id='") + 4, 32);
    say(fixture,
        "<iq type='get' id='0123456789abcdef0123456789abcdef' from='" DOMAIN "' to='" DOMAIN "'/>");
    snprintf(answer, sizeof answer, "<iq type='get' id='%s' from='a@b' to='" DOMAIN "'/>", id);
    say(fixture, answer);
    assert_true(run_until(fixture, &fixture->stanzas, 2, 2000));
    assert_int_equal(fixture->receipts, 0);
    fixture->receipt_behind = 0;
    hang_up(fixture);
    assert_true(run_until(fixture, &fixture->ups, 2, 2000));
    snprintf(answer, sizeof answer, "<iq type='get' id='%s' from='" DOMAIN "' to='" DOMAIN "'/>",
             id);
    say(fixture, answer);
    assert_true(run_until(fixture, &fixture->stanzas, 3, 2000));
    assert_int_equal(fixture->receipts, 0);
    fixture->receipt_behind = 10; /* asked again, with another id */
    run_for(fixture, 600);
    assert_non_null(strstr(fixture->heard.data, ping));
    assert_null(strstr(fixture->heard.data, id));
}

/* A server that does not read gets what fits into the socket buffers, and cannot prevent a stop. */
static void test_stop_has_a_deadline(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    uv_read_stop((uv_stream_t *)fixture->peer);
    fixture->to_send = 10000000;
    link_wake(fixture->link);
    run_for(fixture, 300);
    assert_in_range(fixture->sent, 1,
                    (16 << 20) / strlen("<message id='0' to='somebody@localhost'/>"));
    int64_t from = clock_mono_ms();
    link_stop(fixture->link, 300);
    assert_true(run_until(fixture, &fixture->stops, 1, 5000));
    assert_in_range(clock_mono_ms() - from, 250, 3200);
    link_free(fixture->link);
    fixture->link = NULL;
}

static void test_stop_while_connecting(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    fixture->greeting = NULL;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->connections, 1, 2000));
    int64_t from = clock_mono_ms();
    link_stop(fixture->link, 5000);
    assert_true(run_until(fixture, &fixture->stops, 1, 1000));
    assert_in_range(clock_mono_ms() - from, 0, 500);
    assert_int_equal(fixture->ups + fixture->downs, 0);
    link_free(fixture->link);
    fixture->link = NULL;
}

static void test_stop_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.host = "localhost"; /* is being resolved */
    open_link(fixture, &settings);
    link_stop(fixture->link, 5000);
    assert_int_equal(fixture->stops, 1);
    link_free(fixture->link);
    fixture->link = NULL;
}

#define MANY 1200 /* descriptors; libstrophe cannot use one above 1023 */

static void test_high_descriptors(void **state)
{
    struct fixture *fixture = *state;
    struct link_settings settings = settings_of(fixture);
    settings.backoff_min_ms = settings.backoff_max_ms = 100;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < 2048)
        skip();
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    for (unsigned again = 1; again < 4; again++) {
        reset_peer(fixture);
        assert_true(run_until(fixture, &fixture->downs, again, 2000));
        int fds[MANY];
        for (size_t i = 0; i < MANY; i++)
            assert_true((fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0);
        assert_true(run_until(fixture, &fixture->ups, again + 1, 2000));
        for (size_t i = 0; i < MANY; i++)
            close(fds[i]);
    }
}

static void test_self_test(void **state)
{
    (void)state;
    const char *why = NULL;
    int64_t from = clock_mono_ms();
    if (!link_self_test(&why))
        fail_msg("%s", why);
    print_message("the self-test took %d ms\n", (int)(clock_mono_ms() - from));
    assert_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_handshake),
        TEST(test_a_host_name),
        TEST(test_other_settings),
        TEST(test_stanzas_come_in_turns),
        TEST(test_a_turn_has_an_end),
        TEST(test_a_cut_stanza),
        TEST(test_slices_leave_in_order),
        TEST(test_a_receipt_is_asked_behind_the_slice),
        TEST(test_a_receipt_is_asked_without_a_slice),
        TEST(test_a_receipt_is_not_another_s),
        TEST(test_stop_waits_for_a_receipt),
        TEST(test_stop_waits_for_a_receipt_in_vain),
        TEST(test_stop_has_a_deadline),
        TEST(test_stop_while_connecting),
        TEST(test_stop_at_once),
        TEST(test_high_descriptors),
        cmocka_unit_test(test_self_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
