#include "coven/link.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "coven/bug.h"
#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/system.h"
#include "link/link_private.h"

#define MINOR_MAX 99

/* libstrophe does not tell its version, only whether it satisfies a given one. The first minor
 * number that it accepts is its own. */
int link_library_minor(void)
{
    int minor = 0;
    while (minor < MINOR_MAX && !xmpp_version_check(0, minor))
        minor++;
    return minor;
}

/* ---- Start ---- */

static void on_tick(uv_timer_t *timer)
{
    struct link *link = timer->data;
    link_io_turn(link);
    link_watch(link);
    link_io_flush(link);
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
    link_prime(link);
    xmpp_handler_add(link->conn, link_io_stanza, NULL, NULL, NULL, link);
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
    link_attempt(link);
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
    link_multi_configure(link);
    link->logged_reason[0] = '\0';
    link->next_address = link->addresses.count; /* they belong to the former host */
    if (link->state != LINK_IDLE && link->state != LINK_RESOLVING)
        return;
    link_cancel_attempt(link);
    attempt_quickly(link);
}

void link_wake(struct link *link)
{
    link_io_flush(link);
}

/* ---- Stop ---- */

static bool is_drained(const struct link *link)
{
    return link_io_has_left(link) && !link->user.has_work(link->user.user) &&
           link->receipt_id[0] == '\0' && link->returned.count == 0;
}

void link_advance_stop(struct link *link)
{
    if (!link->stopping || link->state != LINK_UP || link->activity != LINK_AT_REST)
        return;
    if (!is_drained(link) && clock_mono_ms() < link->deadline)
        return;
    link_set_state(link, LINK_CLOSING);
    link->deadline = clock_mono_ms() + LINK_CLOSE_MS;
    xmpp_disconnect(link->conn);
    link_io_turn(link);
}

void link_finish_stop(struct link *link)
{
    uv_timer_stop(&link->tick);
    link_cancel_attempt(link);
    link_set_state(link, LINK_STOPPED);
    link->user.stopped(link->user.user);
}

void link_stop(struct link *link, uint32_t drain_ms)
{
    if (link->stopping)
        return;
    link->stopping = true;
    link->deadline = clock_mono_ms() + drain_ms;
    if (link->state == LINK_UP) {
        link_io_flush(link);
        link_advance_stop(link);
    } else if (link_is_connecting(link)) {
        link_cut_off(link, "stopped");
    } else if (!link_has_ended(link)) {
        link_finish_stop(link);
    }
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct link *link = handle->data;
    if (--link->open_handles == 0)
        free(link);
}

void link_free(struct link *link)
{
    coven_assert(link->state == LINK_STOPPED || link->state == LINK_IDLE);
    stanza_list_free(&link->arrived);
    stanza_list_free(&link->returned);
    xmpp_conn_release(link->conn);
    xmpp_ctx_free(link->ctx);
    pool_free(link->pool);
    if (link->spare_fd >= 0)
        close(link->spare_fd);
    free(link->slice);
    uv_close((uv_handle_t *)&link->tick, on_timer_closed);
    uv_close((uv_handle_t *)&link->retry, on_timer_closed);
}
