#include "coven/link.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coven/bug.h"
#include "coven/clock.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/system.h"
#include "link/link_private.h"

#define CUT_RUNS 3 /* until libstrophe sees that its socket is closed */

static void attempt(struct link *link);

/* ---- The connection begins ---- */

/* libstrophe's socket callback is told the connection and nothing of ours, but it is only called
 * while xmpp_connect_component() runs. When it fails, errno has to be something that does not mean
 * that the socket is connecting. */
static _Thread_local struct link *connecting;

static void on_wire(void *user)
{
    struct link *link = user;
    link->wired = true;
    link_turn(link);
}

static int on_socket(xmpp_conn_t *conn, void *socket)
{
    struct link *link = connecting;
    wire_close(link->wire);
    link->wire = wire_new(link->loop, *(const int *)socket, on_wire, link);
    if (!link->wire)
        return -1;
    xmpp_sockopt_cb_keepalive(conn, socket);
    return 0;
}

static int refuse_socket(xmpp_conn_t *conn, void *socket)
{
    (void)conn, (void)socket;
    errno = ECONNREFUSED;
    return -1;
}

static void begin_up(struct link *link)
{
    link->state = LINK_UP;
    link->up_at = clock_mono_ms();
    link->last_reason[0] = '\0';
    link->contested = false;
    link_watch_input(link);
    link_rival_begin(link);
    link_pace_begin(link);
    link_tell_up(link);
    if (link->user.up)
        link->user.up(link->user.user);
}

/* Inside libstrophe's run: a loss is only noted. */
static void on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                          xmpp_stream_error_t *stream_error, void *user)
{
    struct link *link = user;
    (void)conn;
    if (event == XMPP_CONN_CONNECT) {
        begin_up(link);
        return;
    }
    link->lost = true;
    link_reason_of(link, error, stream_error);
}

static void ignore_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                              xmpp_stream_error_t *stream_error, void *user)
{
    (void)conn, (void)event, (void)error, (void)stream_error, (void)user;
}

static void keep_spare(struct link *link)
{
    if (link->spare_fd < 0)
        link->spare_fd = wire_spare_open();
}

static void release_spare(struct link *link)
{
    if (link->spare_fd >= 0)
        close(link->spare_fd);
    link->spare_fd = -1;
}

/* Connects to the next address there is. */
static void connect_next(struct link *link)
{
    const char *address = link->addresses.text[link->next_address++];
    link->state = LINK_CONNECTING;
    link->connect_at = clock_mono_ms();
    link->reason[0] = '\0';
    link->connect_error = 0;
    link->told = link->hopeless = link->conflicts = false;
    link->ping_waits = false;
    link->ping_at = 0;
    link->receipt_id[0] = '\0';
    link->wired = false;
    release_spare(link);
    connecting = link;
    errno = 0;
    int failed =
        xmpp_connect_component(link->conn, address, link->settings.port, on_connection, link);
    connecting = NULL;
    if (failed) {
        link->connect_error = errno;
        link->lost = true;
        link_reason_of(link, 0, NULL);
        link_settle(link);
        return;
    }
    link_flush(link);
}

/* ---- The connection ends ---- */

static void on_retry(uv_timer_t *timer)
{
    attempt(timer->data);
}

/* What the server believes in may be a connection of our own, which it will miss at last. Not so if
 * it was up and another took its place: to take that back at once would be a fight. */
static bool is_hopeless(const struct link *link, bool was_up)
{
    return link->hopeless && (was_up || !link->conflicts);
}

/* The server is back after so long that the attempts have become few. */
static bool is_first_conflict(struct link *link, bool was_up)
{
    bool first = link->conflicts && !was_up && !link->contested;
    link->contested = link->contested || first;
    return first;
}

static void retry_later(struct link *link, bool was_up)
{
    int64_t now = clock_mono_ms(), up_ms = was_up ? now - link->up_at : 0;
    bool at_once = !link->hopeless && up_ms >= LINK_BRIEF_MS;
    if (is_hopeless(link, was_up))
        backoff_longest(&link->backoff);
    else if (at_once || is_first_conflict(link, was_up))
        backoff_quick(&link->backoff, now + link->settings.backoff_after_ms);
    uint32_t pause = at_once ? 0 : backoff_next(&link->backoff, now);
    link_tell_loss(link, was_up, pause);
    link->state = LINK_IDLE;
    uv_timer_start(&link->retry, on_retry, pause, 0);
}

static void on_resolved(void *user, int status, const struct addresses *found)
{
    struct link *link = user;
    link->resolve = NULL;
    if (status == 0) {
        link->addresses = *found;
        link->next_address = 0;
        connect_next(link);
        return;
    }
    link->told = link->hopeless = link->conflicts = false;
    snprintf(link->reason, sizeof link->reason, "%s", uv_strerror(status));
    retry_later(link, false);
}

static void attempt(struct link *link)
{
    link->state = LINK_RESOLVING;
    struct resolve *resolve = resolve_start(link->loop, link->settings.host, on_resolved, link);
    if (link->state == LINK_RESOLVING)
        link->resolve = resolve;
}

static void finish_stop(struct link *link)
{
    uv_timer_stop(&link->tick);
    uv_timer_stop(&link->retry);
    resolve_cancel(link->resolve);
    link->resolve = NULL;
    link->state = LINK_STOPPED;
    link->user.stopped(link->user.user);
}

/* Another address of the same host is tried at once, unless it was the server that said no. */
static bool has_next_address(const struct link *link)
{
    return !link->told && link->next_address < link->addresses.count;
}

void link_settle(struct link *link)
{
    if (!link->lost)
        return;
    bool was_up = link->state == LINK_UP || link->state == LINK_CLOSING;
    link->lost = false;
    wire_close(link->wire);
    link->wire = NULL;
    keep_spare(link);
    link->state = LINK_IDLE;
    if (was_up && link->user.down)
        link->user.down(link->user.user, link->reason);
    if (link->state == LINK_STOPPED)
        return; /* the user stopped it there and then */
    if (link->stopping)
        finish_stop(link);
    else if (!was_up && has_next_address(link))
        connect_next(link);
    else
        retry_later(link, was_up);
}

void link_cut_off(struct link *link, const char *format, ...)
{
    if (link->reason[0] == '\0') {
        va_list args;
        va_start(args, format);
        vsnprintf(link->reason, sizeof link->reason, format, args);
        va_end(args);
    }
    struct wire *wire = link->wire;
    if (wire)
        wire_cut(wire);
    for (int i = 0; i < CUT_RUNS && wire && link->wire == wire; i++)
        link_turn(link);
}

/* ---- Life ---- */

#define MINOR_MAX 99

/* The library only says whether a program that was made for some version may use it: the first of
 * these is its own. */
int link_library_minor(void)
{
    int minor = 0;
    while (minor < MINOR_MAX && !xmpp_version_check(0, minor))
        minor++;
    return minor;
}

static void on_tick(uv_timer_t *timer)
{
    struct link *link = timer->data;
    link_turn(link);
    link_watch(link);
    link_flush(link);
}

/* In component mode libstrophe misses what it only makes for a client's connection: one attempt of
 * that kind, refused before a packet leaves, makes it. */
static void prime(struct link *link)
{
    xmpp_conn_set_sockopt_callback(link->conn, refuse_socket);
    xmpp_connect_client(link->conn, "127.0.0.1", 1, ignore_connection, NULL);
    xmpp_conn_set_sockopt_callback(link->conn, on_socket);
}

static void open_timer(struct link *link, uv_timer_t *timer)
{
    system_check(uv_timer_init(link->loop, timer), "cannot make a timer");
    timer->data = link;
    link->open_handles++;
}

struct link *link_new(uv_loop_t *loop, const struct link_settings *settings,
                      const struct link_user *user)
{
    wire_take_standard();
    signal(SIGPIPE, SIG_IGN);
    xmpp_initialize();
    struct link *link = mem_new(sizeof *link);
    link->loop = loop;
    link->settings = *settings;
    link->user = *user;
    link->spare_fd = wire_spare_open();
    link->slice = mem_new(LINK_SLICE_BYTES + 1);
    backoff_init(&link->backoff, settings->backoff_min_ms, settings->backoff_max_ms);
    open_timer(link, &link->tick);
    open_timer(link, &link->retry);
    link->pool = pool_new();
    link->ctx = xmpp_ctx_new(pool_mem(link->pool), NULL);
    link->conn = xmpp_conn_new(link->ctx);
    xmpp_conn_set_jid(link->conn, settings->domain);
    xmpp_conn_set_pass(link->conn, settings->secret);
    prime(link);
    xmpp_handler_add(link->conn, link_on_stanza, NULL, NULL, NULL, link);
    return link;
}

static void start_tick(struct link *link)
{
    uint32_t interval = link_watch_interval(&link->settings);
    uv_timer_start(&link->tick, on_tick, interval, interval);
}

static void attempt_quickly(struct link *link)
{
    backoff_quick(&link->backoff, clock_mono_ms() + link->settings.backoff_after_ms);
    attempt(link);
}

void link_start(struct link *link)
{
    start_tick(link);
    attempt_quickly(link);
}

void link_configure(struct link *link, const struct link_settings *settings)
{
    link->settings = *settings;
    xmpp_conn_set_pass(link->conn, settings->secret);
    backoff_init(&link->backoff, settings->backoff_min_ms, settings->backoff_max_ms);
    start_tick(link);
    link->last_reason[0] = '\0';
    link->next_address = link->addresses.count; /* those are of the host that was */
    if (link->state != LINK_IDLE && link->state != LINK_RESOLVING)
        return;
    uv_timer_stop(&link->retry);
    resolve_cancel(link->resolve);
    link->resolve = NULL;
    attempt_quickly(link);
}

void link_wake(struct link *link)
{
    link_flush(link);
}

static bool is_drained(const struct link *link)
{
    return link_has_left(link) && !link->user.has_work(link->user.user) &&
           link->receipt_id[0] == '\0';
}

void link_advance_stop(struct link *link)
{
    if (!link->stopping || link->state != LINK_UP || link->running)
        return;
    if (!is_drained(link) && clock_mono_ms() < link->deadline)
        return;
    link->state = LINK_CLOSING;
    link->deadline = clock_mono_ms() + LINK_CLOSE_MS;
    xmpp_disconnect(link->conn);
    link_turn(link);
}

void link_stop(struct link *link, uint32_t drain_ms)
{
    if (link->stopping)
        return;
    link->stopping = true;
    link->deadline = clock_mono_ms() + drain_ms;
    if (link->state == LINK_UP) {
        link_flush(link);
        link_advance_stop(link);
    } else if (link->state == LINK_CONNECTING) {
        link_cut_off(link, "stopped");
    } else {
        finish_stop(link);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct link *link = handle->data;
    if (--link->open_handles == 0)
        free(link);
}

void link_free(struct link *link)
{
    coven_assert(link->state == LINK_STOPPED || link->state == LINK_IDLE);
    stanza_list_free(&link->arrived);
    xmpp_conn_release(link->conn);
    xmpp_ctx_free(link->ctx);
    pool_free(link->pool);
    release_spare(link);
    resolve_cancel(link->resolve);
    free(link->slice);
    uv_close((uv_handle_t *)&link->tick, on_closed);
    uv_close((uv_handle_t *)&link->retry, on_closed);
}
