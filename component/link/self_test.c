#include "coven/link.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/buf.h"
#include "coven/clock.h"
#include "coven/system.h"
#include "link/guard.h"
#include "link/link_private.h"

/* Runs the link's whole beginning on a small server: a stream header with a prefix, the handshake,
 * prefixed attributes before and after plain ones, a stanza above the limits, and more input than
 * one parser may read, after which the prefix must still be known. */

#define DOMAIN   "self.test"
#define PATIENCE 3000 /* ms; the test takes a few */

#define HEADER                                                                                     \
    "<?xml version='1.0'?><s:stream xmlns:s='http://etherx.jabber.org/streams' "                   \
    "xmlns='jabber:component:accept' xmlns:x='urn:x' id='x' from='" DOMAIN "'>"
#define SPOOFS      "<message x:from='b' from='a'/><message from='a' x:from='b'/>"
#define SPOOF_COUNT 2
#define FILLER_SIZE 4000

struct self_test {
    uv_loop_t loop;
    struct link *link;
    int listener, peer;
    struct buf heard;
    struct buf speech; /* the server's, of which `said` bytes were sent */
    size_t said;
    bool greeted, welcomed, stopped;

    unsigned honest; /* stanzas with the sender that the server gave them */
    unsigned cut, whole;
    unsigned expected_whole;
};

/* ---- The server ---- */

static int listen_on_loopback(uint16_t *port_r)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 1) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        close(fd);
        return -1;
    }
    *port_r = ntohs(address.sin_port);
    return fd;
}

static void add_stanzas(struct self_test *test)
{
    struct buf *out = &test->speech;
    static const char filler[FILLER_SIZE] = {0};
    buf_add_text(out, "<handshake/>" SPOOFS "<message>");
    for (int i = 0; i < GUARD_MAX_ELEMENTS; i++)
        buf_add_text(out, "<a/>");
    buf_add_text(out, "</message>");
    test->expected_whole = 2 * SPOOF_COUNT;
    for (size_t from = out->len; out->len - from < GUARD_PARSER_BYTES;) {
        buf_add_text(out, "<message><body>");
        buf_add(out, filler, sizeof filler);
        memset(out->data + out->len - sizeof filler, 'x', sizeof filler);
        buf_add_text(out, "</body></message>");
        test->expected_whole++;
    }
    buf_add_text(out, SPOOFS);
}

static bool has_heard(const struct self_test *test, const char *text)
{
    return test->heard.data && strstr(test->heard.data, text);
}

static void speak_next(struct self_test *test)
{
    if (!test->greeted && has_heard(test, "<stream:stream ")) {
        test->greeted = true;
        buf_add_text(&test->speech, HEADER);
    } else if (!test->welcomed && has_heard(test, "</handshake>")) {
        test->welcomed = true;
        add_stanzas(test);
    }
}

static void close_peer(struct self_test *test)
{
    close(test->peer);
    test->peer = -1;
}

static void serve_link(struct self_test *test)
{
    if (test->peer < 0) {
        test->peer = accept4(test->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        return;
    }
    char bytes[1024];
    ssize_t got = recv(test->peer, bytes, sizeof bytes, 0);
    if (got > 0)
        buf_add(&test->heard, bytes, (size_t)got);
    speak_next(test);
    ssize_t sent = send(test->peer, test->speech.data + test->said, test->speech.len - test->said,
                        MSG_NOSIGNAL);
    if (sent > 0)
        test->said += (size_t)sent;
    if (got == 0 || has_heard(test, "</stream:stream>"))
        close_peer(test);
}

/* ---- The link's user ---- */

static void ignore_call(void *user)
{
    (void)user;
}

static void ignore_down(void *user, const char *why)
{
    (void)user, (void)why;
}

static size_t take_nothing(void *user, char *slice, size_t size, uint64_t most, uint64_t *weight_r)
{
    (void)user, (void)slice, (void)size, (void)most, (void)weight_r;
    return 0;
}

static bool say_no(void *user)
{
    (void)user;
    return false;
}

static void count_stanza(void *user, xmpp_stanza_t *stanza, enum link_cut cut)
{
    struct self_test *test = user;
    const char *from = xmpp_stanza_get_from(stanza);
    test->cut += cut == LINK_CUT;
    test->whole += cut == LINK_WHOLE;
    test->honest += from && strcmp(from, "a") == 0;
}

static void note_stopped(void *user)
{
    struct self_test *test = user;
    test->stopped = true;
}

/* ---- The verdict ---- */

static const char *verdict_of(const struct self_test *test)
{
    if (!test->welcomed)
        return "the self-test cannot connect to 127.0.0.1";
    if (test->honest != 2 * SPOOF_COUNT)
        return "the guard before libstrophe's parser is missing: senders could be forged";
    if (test->cut != 1 || test->whole != test->expected_whole)
        return "the guard before libstrophe's parser is missing: stanzas would have no limits";
    return NULL;
}

static bool is_over(const struct self_test *test)
{
    return test->welcomed && test->whole + test->cut >= test->expected_whole + 1;
}

static void run_until(struct self_test *test, bool (*over)(const struct self_test *))
{
    int64_t end = clock_mono_ms() + PATIENCE;
    while (!over(test) && clock_mono_ms() < end) {
        serve_link(test);
        uv_run(&test->loop, UV_RUN_NOWAIT);
    }
}

static bool is_stopped(const struct self_test *test)
{
    return test->stopped;
}

static const char *run_test(struct self_test *test, uint16_t port)
{
    const struct link_settings settings = {
        .host = "127.0.0.1",
        .port = port,
        .domain = DOMAIN,
        .secret = "self-test",
        .connect_ms = PATIENCE,
        .silence_ms = PATIENCE,
        .answer_ms = PATIENCE,
        .backoff_min_ms = PATIENCE,
        .backoff_max_ms = PATIENCE,
        .input_bytes = 64 * 1024,
        .input_ms = 5,
    };
    const struct link_user user = {
        .user = test,
        .turn_begin = ignore_call,
        .stanza = count_stanza,
        .turn_end = ignore_call,
        .take = take_nothing,
        .has_work = say_no,
        .is_pressing = say_no,
        .up = ignore_call,
        .down = ignore_down,
        .stopped = note_stopped,
    };
    test->link = link_new(&test->loop, &settings, &user);
    test->link->quiet = true;
    link_start(test->link);
    run_until(test, is_over);
    const char *why = verdict_of(test);
    link_stop(test->link, 0);
    run_until(test, is_stopped);
    link_free(test->link);
    uv_run(&test->loop, UV_RUN_DEFAULT);
    return why;
}

bool link_self_test(const char **why_r)
{
    uint16_t port;
    wire_take_standard(); /* before the loop can get one of these descriptors */
    struct self_test test = {.peer = -1, .listener = listen_on_loopback(&port)};
    *why_r = "the self-test cannot listen on 127.0.0.1";
    if (test.listener < 0)
        return false;
    system_check(uv_loop_init(&test.loop), "cannot make the event loop");
    *why_r = run_test(&test, port);
    uv_loop_close(&test.loop);
    if (test.peer >= 0)
        close_peer(&test);
    close(test.listener);
    buf_free(&test.heard);
    buf_free(&test.speech);
    return *why_r == NULL;
}
