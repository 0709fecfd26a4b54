#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "coven/clock.h"
#include "link/link_private.h"

#define CUT_RUNS 3 /* until libstrophe sees that its socket is closed */

/* ---- The connection begins ---- */

/* libstrophe's socket callback gets the connection and no pointer of ours, but is only called while
 * xmpp_connect_component() runs. A callback that fails must not leave EINPROGRESS in errno. */
static _Thread_local struct link *connecting;

static void on_wire(void *user)
{
    struct link *link = user;
    if (link->state == LINK_CONNECTING)
        link_set_state(link, LINK_GREETING);
    link_io_turn(link);
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

static void begin_up(struct link *link)
{
    link_set_state(link, LINK_UP);
    link->up_at = clock_mono_ms();
    link->logged_reason[0] = '\0';
    link->had_conflict = false;
    link_watch_input(link);
    link_rival_begin(link);
    link_pace_begin(link);
    link_multi_begin(link);
    link_tell_up(link);
    if (link->user.up)
        link->user.up(link->user.user);
}

/* libstrophe is still at work: link_settle() does the rest. */
static void note_ending(struct link *link, int error, const xmpp_stream_error_t *stream_error)
{
    if (!link_has_ended(link))
        link_set_state(link, link_is_connecting(link) ? LINK_FAILED : LINK_LOST);
    link_reason_note(link, error, stream_error);
}

static void on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                          xmpp_stream_error_t *stream_error, void *user)
{
    (void)conn;
    if (event == XMPP_CONN_CONNECT)
        begin_up(user);
    else
        note_ending(user, error, stream_error);
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

static void connect_next(struct link *link)
{
    const char *address = link->addresses.text[link->next_address++];
    link_set_state(link, LINK_CONNECTING);
    link->connect_at = clock_mono_ms();
    link_reason_clear(link);
    link->ping_due = false;
    link->ping_at = 0;
    link->receipt_id[0] = '\0';
    release_spare(link);
    connecting = link;
    errno = 0;
    int failed =
        xmpp_connect_component(link->conn, address, link->settings.port, on_connection, link);
    connecting = NULL;
    if (failed) {
        link->connect_error = errno;
        note_ending(link, 0, NULL);
        link_settle(link);
        return;
    }
    link_io_flush(link);
}

static int refuse_socket(xmpp_conn_t *conn, void *socket)
{
    (void)conn, (void)socket;
    errno = ECONNREFUSED;
    return -1;
}

static void ignore_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                              xmpp_stream_error_t *stream_error, void *user)
{
    (void)conn, (void)event, (void)error, (void)stream_error, (void)user;
}

/* libstrophe makes some of its state only for a client's connection: one attempt of that kind,
 * refused before a packet leaves, makes it. */
void link_prime(struct link *link)
{
    xmpp_conn_set_sockopt_callback(link->conn, refuse_socket);
    xmpp_connect_client(link->conn, "127.0.0.1", 1, ignore_connection, NULL);
    xmpp_conn_set_sockopt_callback(link->conn, on_socket);
}

/* ---- The connection ends ---- */

static void on_retry(uv_timer_t *timer)
{
    link_attempt(timer->data);
}

/* A conflict that an attempt meets may be an old connection of our own, which the server will give
 * up. A connection that was up was replaced by another service: to replace it at once would be a
 * fight. */
static bool is_hopeless(const struct link *link, bool was_up)
{
    return link->ending == LINK_CONFLICTED ? was_up : link->ending == LINK_REFUSED;
}

/* The first conflict shows that the server is back, perhaps after the pauses have become long. */
static bool is_first_conflict(struct link *link, bool was_up)
{
    bool first = link->ending == LINK_CONFLICTED && !was_up && !link->had_conflict;
    link->had_conflict = link->had_conflict || first;
    return first;
}

static uint32_t choose_pause(struct link *link, bool was_up)
{
    int64_t now = clock_mono_ms(), up_ms = was_up ? now - link->up_at : 0;
    bool at_once = link->ending < LINK_REFUSED && up_ms >= LINK_BRIEF_MS;
    if (is_hopeless(link, was_up))
        backoff_longest(&link->backoff);
    else if (at_once || is_first_conflict(link, was_up))
        backoff_quick(&link->backoff, now + link->settings.backoff_after_ms);
    return at_once ? 0 : backoff_next(&link->backoff, now);
}

static void retry_later(struct link *link, bool was_up)
{
    uint32_t pause = choose_pause(link, was_up);
    uv_timer_start(&link->retry, on_retry, pause, 0);
    link_tell_loss(link, was_up, pause);
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
    link_set_state(link, LINK_IDLE);
    link_reason_clear(link);
    snprintf(link->reason, sizeof link->reason, "%s", uv_strerror(status));
    retry_later(link, false);
}

void link_attempt(struct link *link)
{
    link_set_state(link, LINK_RESOLVING);
    struct resolve *resolve = resolve_start(link->loop, link->settings.host, on_resolved, link);
    if (link->state == LINK_RESOLVING)
        link->resolve = resolve;
}

void link_cancel_attempt(struct link *link)
{
    uv_timer_stop(&link->retry);
    resolve_cancel(link->resolve);
    link->resolve = NULL;
    if (link->state == LINK_RESOLVING)
        link_set_state(link, LINK_IDLE);
}

/* A server that ended the stream itself would say the same at its other addresses. */
static bool has_next_address(const struct link *link)
{
    return link->ending == LINK_BROKEN && link->next_address < link->addresses.count;
}

void link_settle(struct link *link)
{
    bool was_up = link->state == LINK_LOST;
    if (!link_has_ended(link))
        return;
    wire_close(link->wire);
    link->wire = NULL;
    keep_spare(link);
    link_set_state(link, LINK_IDLE);
    if (was_up && link->user.down)
        link->user.down(link->user.user, link->reason);
    if (link->state != LINK_IDLE)
        return; /* the user stopped the link in that call */
    if (link->stopping)
        link_finish_stop(link);
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
        link_io_turn(link);
}
