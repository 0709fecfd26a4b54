/* Connections that do not read, and the senders to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "shim/conn.h"

#define KIB     ((size_t)1024)
#define PIECE   (64 * KIB)
#define QUEUE   (16 * 1024 * KIB)
#define FULL    (256 * KIB)
#define TURNS   50
#define OPENING "<stream xmlns='urn:test'>"

/* A connection: one end is the server's, the other the test's. */
struct side {
    struct conn conn;
    struct side *to; /* the recipient of its stanzas */
    bool ended, freed;
    int fd;
    size_t heard; /* bytes received at the test's end */
};

struct fixture {
    uv_loop_t loop;
    uv_tcp_t listener;
    struct pool pool;
    char piece[PIECE];
};

/* ---- The server's ends ---- */

static void on_opened(void *owner, const struct wire_root *header)
{
    (void)owner;
    (void)header;
}

static void send_to(struct side *side, struct side *from, struct span bytes)
{
    buf_add_span(conn_out(&side->conn), bytes);
    conn_sent(&side->conn);
    conn_push_back(&side->conn, &from->conn);
}

static void on_stanza(void *owner, const struct wire_stanza *stanza)
{
    struct side *side = owner;
    send_to(side->to, side, stanza->inner);
}

static void on_ended(void *owner)
{
    ((struct side *)owner)->ended = true;
}

static void on_freed(void *owner)
{
    ((struct side *)owner)->freed = true;
}

static const struct conn_kind kind = {
    .ns = "urn:test",
    .stanza_bytes = 1024 * KIB,
    .read_bytes = PIECE,
    .queue_bytes = QUEUE,
    .full_bytes = FULL,
    .opened = on_opened,
    .stanza = on_stanza,
    .ended = on_ended,
    .freed = on_freed,
};

/* ---- The test's ends ---- */

static void on_connection(uv_stream_t *stream, int status)
{
    (void)stream;
    assert_int_equal(status, 0);
}

static struct fixture *fixture_open(void)
{
    struct fixture *fixture = mem_new(sizeof *fixture);
    struct sockaddr_in here;
    uv_loop_init(&fixture->loop);
    pool_open(&fixture->pool, &fixture->loop, NULL);
    uv_tcp_init(&fixture->loop, &fixture->listener);
    uv_ip4_addr("127.0.0.1", 0, &here);
    assert_int_equal(uv_tcp_bind(&fixture->listener, (struct sockaddr *)&here, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&fixture->listener, 8, on_connection), 0);
    memset(fixture->piece, 'x', PIECE);
    return fixture;
}

static void turn(struct fixture *fixture)
{
    for (int i = 0; i < TURNS; i++)
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void say(struct side *side, const char *text)
{
    assert_int_equal(send(side->fd, text, strlen(text), 0), strlen(text));
}

static void side_open(struct fixture *fixture, struct side *side)
{
    struct sockaddr_in there;
    int len = sizeof there, little = 4096;
    uv_tcp_getsockname(&fixture->listener, (struct sockaddr *)&there, &len);
    *side = (struct side){0};
    side->fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(side->fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    assert_int_equal(connect(side->fd, (struct sockaddr *)&there, sizeof there), 0);
    turn(fixture);
    assert_true(
        conn_accept(&side->conn, &fixture->pool, (uv_stream_t *)&fixture->listener, &kind, side));
    say(side, OPENING);
    turn(fixture);
}

/* Reads all waiting bytes. */
static void listen_to(struct fixture *fixture, struct side *side)
{
    static char bytes[256 * 1024];
    ssize_t len;
    for (int idle = 0; idle < 10; idle++) {
        turn(fixture);
        while ((len = recv(side->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
            side->heard += (size_t)len;
            idle = 0;
        }
    }
}

static void fixture_close(struct fixture *fixture)
{
    uv_close((uv_handle_t *)&fixture->listener, NULL);
    pool_stop(&fixture->pool);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    assert_int_equal(fixture->pool.waiting, 0);
    pool_close(&fixture->pool);
    free(fixture);
}

/* Sends stanzas until the server reads no more. Returns their size in bytes. */
static size_t talk(struct fixture *fixture, struct side *side)
{
    struct buf stanza = BUF_INIT;
    buf_printf(&stanza, "<a>%.*s</a>", (int)PIECE, fixture->piece);
    size_t at = 0, stanzas = 0;
    for (int idle = 0; idle < 10; idle++) {
        ssize_t len;
        turn(fixture);
        while ((len = send(side->fd, stanza.data + at, stanza.len - at, MSG_DONTWAIT)) > 0) {
            idle = 0;
            at += (size_t)len;
            stanzas += at == stanza.len;
            at = at == stanza.len ? 0 : at;
            turn(fixture);
        }
    }
    buf_free(&stanza);
    return stanzas * PIECE;
}

/* ---- Tests ---- */

static void only_the_peer_that_does_not_read_is_closed(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct side deaf, good;
    side_open(fixture, &deaf);
    side_open(fixture, &good);
    size_t sent = 0;
    for (; !deaf.ended && sent < 10 * QUEUE; sent += PIECE) {
        send_to(&deaf, &good, (struct span){fixture->piece, PIECE});
        send_to(&good, &deaf, (struct span){fixture->piece, PIECE});
        gate_open(&deaf.conn.senders);
        listen_to(fixture, &good);
    }
    assert_true(deaf.ended);
    assert_true(sent > QUEUE);
    assert_false(good.ended);
    assert_int_equal(good.heard, sent);
    close(deaf.fd);
    close(good.fd);
    fixture_close(fixture);
    assert_true(deaf.freed && good.freed);
}

static void a_sender_of_too_much_waits_and_nothing_is_lost(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct side from, to;
    side_open(fixture, &from);
    side_open(fixture, &to);
    from.to = &to;
    size_t sent = talk(fixture, &from);
    assert_ptr_equal(from.conn.gate, &to.conn.senders);
    assert_true(to.conn.waiting < FULL + 2 * PIECE);
    assert_true(sent > FULL);
    listen_to(fixture, &to);
    assert_null(from.conn.gate);
    assert_true(to.heard >= sent && to.heard < sent + PIECE);
    assert_false(from.ended || to.ended);
    close(from.fd);
    close(to.fd);
    fixture_close(fixture);
}

static void a_held_sender_is_released_by_a_closed_peer(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct side from, to, other;
    side_open(fixture, &from);
    side_open(fixture, &to);
    side_open(fixture, &other);
    from.to = &to;
    talk(fixture, &from);
    assert_non_null(from.conn.gate);
    conn_drop(&to.conn);
    from.to = &other;
    assert_null(from.conn.gate);
    listen_to(fixture, &other);
    assert_true(to.freed);
    assert_true(other.heard > 0);
    assert_false(from.ended || other.ended);
    close(from.fd);
    close(to.fd);
    close(other.fd);
    fixture_close(fixture);
}

static void a_peer_that_reads_nothing_is_dropped(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct side deaf, idle;
    side_open(fixture, &deaf);
    side_open(fixture, &idle);
    int64_t now = clock_mono_ms(), minute = 60000;
    idle.to = &deaf;
    talk(fixture, &idle);
    conn_check(&deaf.conn, now);
    conn_check(&idle.conn, now);
    assert_false(deaf.conn.ended);
    conn_check(&deaf.conn, now + minute);
    conn_check(&idle.conn, now + minute);
    assert_true(deaf.conn.ended);
    assert_false(idle.conn.ended);
    close(deaf.fd);
    close(idle.fd);
    fixture_close(fixture);
}

/* When the pool is full, senders wait, and the connections with the most bytes are dropped. */
static void peers_that_fill_the_pool_are_dropped(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct side deaf, from, slow;
    side_open(fixture, &deaf);
    side_open(fixture, &from);
    side_open(fixture, &slow);
    fixture->pool.full_bytes = QUEUE / 4;
    while (fixture->pool.waiting <= fixture->pool.full_bytes) {
        send_to(&deaf, &deaf, (struct span){fixture->piece, PIECE});
        gate_open(&deaf.conn.senders);
        turn(fixture);
    }
    from.to = &slow;
    send_to(&slow, &from, (struct span){fixture->piece, PIECE});
    assert_ptr_equal(from.conn.gate, &fixture->pool.senders);
    turn(fixture);
    assert_true(deaf.freed);
    assert_null(from.conn.gate);
    assert_false(slow.ended || from.ended);
    close(deaf.fd);
    close(from.fd);
    close(slow.fd);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_peer_that_does_not_read_is_closed),
        cmocka_unit_test(a_sender_of_too_much_waits_and_nothing_is_lost),
        cmocka_unit_test(a_held_sender_is_released_by_a_closed_peer),
        cmocka_unit_test(a_peer_that_reads_nothing_is_dropped),
        cmocka_unit_test(peers_that_fill_the_pool_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
