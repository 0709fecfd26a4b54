#include "coven/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/buf.h"
#include "coven/clock.h"
#include "coven/system.h"
#include "link/guard.h"
#include "link/link_private.h"

/*
 * The link's whole beginning, on a server that is a few lines below: a stream header with a prefix,
 * the handshake, prefixed attributes before and behind plain ones, a stanza above the limits, and
 * more input than one parser may read, behind which the prefix still holds.
 */

#define DOMAIN   "self.test"
#define PATIENCE 3000 /* ms; a few are enough */

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
    struct buf unsaid;
    size_t said;
    bool greeted, welcomed, stopped;

    unsigned honest, cut, whole;
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
    struct buf *out = &test->unsaid;
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

static void answer(struct self_test *test)
{
    if (!test->greeted && has_heard(test, "<stream:stream ")) {
        test->greeted = true;
        buf_add_text(&test->unsaid, HEADER);
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

static void serve(struct self_test *test)
{
    if (test->peer < 0) {
        test->peer = accept4(test->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        return;
    }
    char bytes[1024];
    ssize_t got = recv(test->peer, bytes, sizeof bytes, 0);
    if (got > 0)
        buf_add(&test->heard, bytes, (size_t)got);
    answer(test);
    ssize_t sent = send(test->peer, test->unsaid.data + test->said, test->unsaid.len - test->said,
                        MSG_NOSIGNAL);
    if (sent > 0)
        test->said += (size_t)sent;
    if (got == 0 || has_heard(test, "</stream:stream>"))
        close_peer(test);
}

/* ---- The link's user ---- */

static void on_nothing(void *user)
{
    (void)user;
}

static void on_down(void *user, const char *why)
{
    (void)user, (void)why;
}

static size_t on_take(void *user, char *slice, size_t size, uint64_t most, uint64_t *weight_r)
{
    (void)user, (void)slice, (void)size, (void)most, (void)weight_r;
    return 0;
}

static bool never(void *user)
{
    (void)user;
    return false;
}

static void on_stanza(void *user, xmpp_stanza_t *stanza, enum link_cut cut)
{
    struct self_test *test = user;
    const char *from = xmpp_stanza_get_from(stanza);
    test->cut += cut == LINK_CUT;
    test->whole += cut == LINK_WHOLE;
    test->honest += from && strcmp(from, "a") == 0;
}

static void on_stopped(void *user)
{
    struct self_test *test = user;
    test->stopped = true;
}

/* ---- The verdict ---- */

static const char *judge(const struct self_test *test)
{
    if (!test->welcomed)
        return "the self-test could not connect to itself";
    if (test->honest != 2 * SPOOF_COUNT)
        return "the guard before libstrophe's parser is not in place: senders could be forged";
    if (test->cut != 1 || test->whole != test->expected_whole)
        return "the guard before libstrophe's parser is not in place: stanzas have no limits";
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
        serve(test);
        uv_run(&test->loop, UV_RUN_NOWAIT);
    }
}

static bool is_stopped(const struct self_test *test)
{
    return test->stopped;
}

static const char *run(struct self_test *test, uint16_t port)
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
        .turn_begin = on_nothing,
        .stanza = on_stanza,
        .turn_end = on_nothing,
        .take = on_take,
        .has_work = never,
        .is_pressing = never,
        .up = on_nothing,
        .down = on_down,
        .stopped = on_stopped,
    };
    test->link = link_new(&test->loop, &settings, &user);
    test->link->quiet = true;
    link_start(test->link);
    run_until(test, is_over);
    const char *why = judge(test);
    link_stop(test->link, 0);
    run_until(test, is_stopped);
    link_free(test->link);
    uv_run(&test->loop, UV_RUN_DEFAULT);
    return why;
}

bool link_self_test(const char **why_r)
{
    uint16_t port;
    wire_take_standard(); /* before the loop's own descriptors could take their place */
    struct self_test test = {.peer = -1, .listener = listen_on_loopback(&port)};
    *why_r = "the self-test could not listen on 127.0.0.1";
    if (test.listener < 0)
        return false;
    system_check(uv_loop_init(&test.loop), "cannot make the event loop");
    *why_r = run(&test, port);
    uv_loop_close(&test.loop);
    if (test.peer >= 0)
        close_peer(&test);
    close(test.listener);
    buf_free(&test.heard);
    buf_free(&test.unsaid);
    return *why_r == NULL;
}
