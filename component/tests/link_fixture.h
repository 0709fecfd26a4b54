/* A server of the component protocol that misbehaves on demand, and a user of the link that counts
 * its calls. Both run on the test's loop. */
#ifndef COVEN_TESTS_LINK_FIXTURE_H
#define COVEN_TESTS_LINK_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "coven/buf.h"
#include "coven/clock.h"
#include "coven/link.h"
#include "coven/mem.h"

#define DOMAIN "conference.localhost"
#define SECRET "top-secret"
#define STREAM                                                                                     \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "                         \
    "xmlns:stream='http://etherx.jabber.org/streams' id='3' from='" DOMAIN "'>"
#define STREAM_ERROR(name)                                                                         \
    "<stream:error><" name " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"                        \
    "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>words</text></stream:error>"                \
    "</stream:stream>"

struct fixture {
    uv_loop_t loop;

    /* The server. */
    uv_tcp_t listener;
    uv_tcp_t *peer;
    uint16_t port;
    const char *greeting; /* the answer to the stream's header; NULL: none */
    const char *welcome;  /* the answer to the handshake; NULL: none */
    bool hang_up;         /* closes after the last of these answers */
    bool echo;            /* returns everything that comes after the handshake */
    bool deaf;            /* does not read */
    bool greeted, welcomed, parted;
    size_t handled;
    unsigned connections;
    struct buf heard;
    size_t before_talk;

    /* The user. */
    struct link *link;
    unsigned turns, stanzas, cut, ups, downs, stops;
    bool in_stanza;
    bool in_turn;
    bool stop_when_down, stop_at_stanza;
    char why[400];
    struct buf seen;
    size_t to_send, sent;  /* numbers of stanzas */
    uint64_t weight;       /* of each stanza */
    const char *instead;   /* sent once, before numbered stanzas; NULL: nothing */
    size_t receipt_behind; /* stanzas that the server has to confirm; 0: none */
    unsigned receipts;
    int error_left; /* in errno by take() */
    /* Of a test, with what they need. */
    void (*on_multi)(void *user, const struct multi_terms *terms);
    void (*on_returned)(void *user, xmpp_stanza_t *stanza);
    void *more;

    unsigned rounds; /* of the loop */
};

/* ---- The server ---- */

static inline void on_server_closed(uv_handle_t *handle)
{
    free(handle);
}

static inline void hang_up(struct fixture *fixture)
{
    if (fixture->peer)
        uv_close((uv_handle_t *)fixture->peer, on_server_closed);
    fixture->peer = NULL;
}

static inline void reset_peer(struct fixture *fixture)
{
    uv_tcp_close_reset(fixture->peer, on_server_closed);
    fixture->peer = NULL;
}

static inline void on_written(uv_write_t *request, int status)
{
    (void)status;
    free(request);
}

static inline void say_bytes(struct fixture *fixture, const char *bytes, size_t len)
{
    uv_write_t *request = mem_new(sizeof *request + len);
    char *copy = (char *)(request + 1);
    memcpy(copy, bytes, len);
    uv_buf_t buf = uv_buf_init(copy, (unsigned)len);
    uv_write(request, (uv_stream_t *)fixture->peer, &buf, 1, on_written);
}

static inline void say(struct fixture *fixture, const char *text)
{
    say_bytes(fixture, text, strlen(text));
}

static inline bool has_heard(struct fixture *fixture, const char *text)
{
    const struct buf *heard = &fixture->heard;
    const char *found = heard->data ? memmem(heard->data + fixture->handled,
                                             heard->len - fixture->handled, text, strlen(text))
                                    : NULL;
    if (found)
        fixture->handled = (size_t)(found - fixture->heard.data) + strlen(text);
    return found;
}

static inline void answer(struct fixture *fixture)
{
    if (!fixture->greeted && fixture->greeting && has_heard(fixture, "<stream:stream ")) {
        fixture->greeted = true;
        say(fixture, fixture->greeting);
        if (fixture->hang_up && !fixture->welcome)
            hang_up(fixture);
    }
    if (!fixture->welcomed && fixture->welcome && has_heard(fixture, "</handshake>")) {
        fixture->welcomed = true;
        say(fixture, fixture->welcome);
        if (fixture->hang_up)
            hang_up(fixture);
    }
    if (fixture->welcomed && fixture->peer && has_heard(fixture, "</stream:stream>")) {
        fixture->parted = true;
        say(fixture, "</stream:stream>");
        hang_up(fixture);
    }
}

static inline void on_server_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    (void)handle;
    buf->base = mem_new(size);
    buf->len = size;
}

static inline void on_server_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct fixture *fixture = stream->data;
    if (count > 0 && fixture->echo && fixture->welcomed)
        say_bytes(fixture, buf->base, (size_t)count);
    if (count > 0)
        buf_add(&fixture->heard, buf->base, (size_t)count);
    free(buf->base);
    if (count < 0 && (uv_tcp_t *)stream == fixture->peer)
        hang_up(fixture);
    else if (count > 0 && fixture->peer)
        answer(fixture);
}

static inline void on_server_accept(uv_stream_t *listener, int status)
{
    struct fixture *fixture = listener->data;
    assert_int_equal(status, 0);
    hang_up(fixture);
    fixture->peer = mem_new(sizeof *fixture->peer);
    uv_tcp_init(&fixture->loop, fixture->peer);
    fixture->peer->data = fixture;
    assert_int_equal(uv_accept(listener, (uv_stream_t *)fixture->peer), 0);
    fixture->connections++;
    fixture->greeted = fixture->welcomed = false;
    fixture->handled = 0;
    buf_clear(&fixture->heard);
    if (!fixture->deaf)
        uv_read_start((uv_stream_t *)fixture->peer, on_server_alloc, on_server_read);
}

static inline void open_server(struct fixture *fixture)
{
    struct sockaddr_in address;
    int len = sizeof address;
    uv_ip4_addr("127.0.0.1", fixture->port, &address);
    uv_tcp_init(&fixture->loop, &fixture->listener);
    fixture->listener.data = fixture;
    assert_int_equal(uv_tcp_bind(&fixture->listener, (struct sockaddr *)&address, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&fixture->listener, 8, on_server_accept), 0);
    uv_tcp_getsockname(&fixture->listener, (struct sockaddr *)&address, &len);
    fixture->port = ntohs(address.sin_port);
    fixture->greeting = STREAM;
    fixture->welcome = "<handshake/>";
}

/* ---- The user ---- */

static inline void on_user_begin(void *user)
{
    struct fixture *fixture = user;
    assert_false(fixture->in_turn);
    fixture->in_turn = true;
    fixture->turns++;
}

static inline void on_user_stanza(void *user, xmpp_stanza_t *stanza, enum link_cut cut)
{
    struct fixture *fixture = user;
    assert_true(fixture->in_turn);
    fixture->stanzas++;
    fixture->cut += cut == LINK_CUT;
    const char *from = xmpp_stanza_get_from(stanza), *id = xmpp_stanza_get_id(stanza);
    buf_printf(&fixture->seen, "%s %s %s;", xmpp_stanza_get_name(stanza), from ? from : "-",
               id ? id : "-");
    fixture->in_stanza = true;
    link_wake(fixture->link); /* must not send now */
    fixture->in_stanza = false;
    if (fixture->stop_at_stanza)
        link_stop(fixture->link, 1000);
}

static inline void on_user_end(void *user)
{
    struct fixture *fixture = user;
    assert_true(fixture->in_turn);
    fixture->in_turn = false;
}

static inline int format_stanza(char *out, size_t size, size_t number)
{
    return snprintf(out, size, "<message id='%zu' to='somebody@localhost'/>", number);
}

static inline size_t on_user_take(void *user, char *slice, size_t size, uint64_t most,
                                  uint64_t *weight_r)
{
    struct fixture *fixture = user;
    assert_false(fixture->in_stanza);
    errno = fixture->error_left;
    size_t used = 0;
    if (fixture->instead) {
        used = strlen(fixture->instead);
        assert_true(used <= size);
        memcpy(slice, fixture->instead, used);
        fixture->instead = NULL;
        return used;
    }
    while (fixture->sent < fixture->to_send) {
        char stanza[128];
        int len = format_stanza(stanza, sizeof stanza, fixture->sent);
        if (used + (size_t)len > size || (used > 0 && *weight_r + fixture->weight > most))
            break;
        memcpy(slice + used, stanza, (size_t)len);
        used += (size_t)len;
        fixture->sent++;
        *weight_r += fixture->weight;
    }
    return used;
}

static inline bool on_user_has_work(void *user)
{
    struct fixture *fixture = user;
    return fixture->instead || fixture->sent < fixture->to_send;
}

static inline bool on_user_is_pressing(void *user)
{
    (void)user;
    return true;
}

static inline bool on_user_wants_receipt(void *user)
{
    struct fixture *fixture = user;
    return fixture->receipt_behind > 0 && fixture->sent >= fixture->receipt_behind;
}

static inline void on_user_receipt(void *user)
{
    struct fixture *fixture = user;
    assert_true(fixture->in_turn);
    fixture->receipts++;
    fixture->receipt_behind = 0;
}

static inline void on_user_up(void *user)
{
    struct fixture *fixture = user;
    assert_false(fixture->in_turn);
    fixture->ups++;
}

static inline void on_user_down(void *user, const char *why)
{
    struct fixture *fixture = user;
    assert_false(fixture->in_turn);
    fixture->downs++;
    snprintf(fixture->why, sizeof fixture->why, "%s", why);
    if (fixture->stop_when_down)
        link_stop(fixture->link, 1000);
}

static inline void on_user_stopped(void *user)
{
    struct fixture *fixture = user;
    fixture->stops++;
}

/* ---- The test ---- */

static inline struct link_settings settings_of(const struct fixture *fixture)
{
    return (struct link_settings){
        .host = "127.0.0.1",
        .port = fixture->port,
        .domain = DOMAIN,
        .secret = SECRET,
        .connect_ms = 2000,
        .silence_ms = 5000,
        .answer_ms = 5000,
        .backoff_min_ms = 2,
        .backoff_max_ms = 20,
        .input_bytes = 65536,
        .input_ms = 5,
    };
}

static inline void open_link(struct fixture *fixture, const struct link_settings *settings)
{
    const struct link_user user = {
        .user = fixture,
        .turn_begin = on_user_begin,
        .stanza = on_user_stanza,
        .turn_end = on_user_end,
        .take = on_user_take,
        .has_work = on_user_has_work,
        .is_pressing = on_user_is_pressing,
        .wants_receipt = on_user_wants_receipt,
        .receipt = on_user_receipt,
        .multi = fixture->on_multi,
        .returned = fixture->on_returned,
        .up = on_user_up,
        .down = on_user_down,
        .stopped = on_user_stopped,
    };
    fixture->link = link_new(&fixture->loop, settings, &user);
    link_start(fixture->link);
}

static inline void on_alarm(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

/* Runs the loop until `*number` is at least `least`; false after `ms`. */
static inline bool run_until(struct fixture *fixture, const unsigned *number, unsigned least,
                             unsigned ms)
{
    bool late = false;
    uv_timer_t alarm;
    uv_timer_init(&fixture->loop, &alarm);
    alarm.data = &late;
    uv_timer_start(&alarm, on_alarm, ms, 0);
    for (; *number < least && !late; fixture->rounds++)
        uv_run(&fixture->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&alarm, NULL);
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
    return *number >= least;
}

static inline void run_for(struct fixture *fixture, unsigned ms)
{
    static const unsigned never = 0;
    run_until(fixture, &never, 1, ms);
}

static inline int setup(void **state)
{
    struct fixture *fixture = mem_new(sizeof *fixture);
    uv_loop_init(&fixture->loop);
    open_server(fixture);
    *state = fixture;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->link) {
        link_stop(fixture->link, 0);
        assert_true(run_until(fixture, &fixture->stops, 1, 4000));
        link_free(fixture->link);
    }
    hang_up(fixture);
    if (!uv_is_closing((uv_handle_t *)&fixture->listener))
        uv_close((uv_handle_t *)&fixture->listener, NULL);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    buf_free(&fixture->heard);
    buf_free(&fixture->seen);
    free(fixture);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
