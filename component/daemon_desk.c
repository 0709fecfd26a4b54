/* What operators reach: the control socket, and what commands need the daemon for. */

#include <stdlib.h>

#include "admin/control.h"
#include "admin/http.h"
#include "coven/run.h"
#include "coven/system.h"
#include "daemon_private.h"

#define LEAVE_MS     200 /* until the end, so that the answer to the command leaves before */
#define LEAVE_STATUS 3   /* systemd does not start covend again then */

static bool on_reload(void *user)
{
    return daemon_reload(user);
}

static void on_leave(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    daemon->status = LEAVE_STATUS;
    daemon_end(daemon, "by command");
}

static void on_stop(void *user)
{
    struct daemon *daemon = user;
    uv_timer_start(&daemon->leave, on_leave, LEAVE_MS, 0);
}

static void on_describe(void *user, json_t *card)
{
    const struct daemon *daemon = user;
    json_object_set_new(card, "link", json_string(daemon->state ? daemon->state : "not connected"));
    json_object_set_new(card, "copies", json_boolean(daemon->multiplies));
    json_object_set_new(card, "queue", json_integer((json_int_t)outbox_queued(daemon->outbox)));
    json_object_set_new(card, "memory", json_integer((json_int_t)memory_used(&daemon->memory)));
}

/* A command can take its next step, or another thread has something to do. */
static void on_wake(void *user)
{
    daemon_give_tasks(user);
    daemon_await_step(user);
}

static void open_control(struct daemon *daemon)
{
    const struct config *config = daemon->config;
    char *assumed = control_default_path(config->data);
    struct control_settings settings = {.path = config->control ? config->control : assumed,
                                        .service = daemon->service,
                                        .wake = on_wake,
                                        .user = daemon};
    if (settings.path)
        daemon->control = control_open(&daemon->loop, &settings);
    free(assumed);
}

static void on_look(void *user, struct metrics_host *host, const char **state_r)
{
    const struct daemon *daemon = user;
    *state_r = daemon->state;
    *host = (struct metrics_host){.is_up = daemon->up,
                                  .multiplies = daemon->multiplies,
                                  .connects = daemon->connects,
                                  .store_bytes = store_bytes(daemon->stores.first),
                                  .queue_bytes = outbox_queued(daemon->outbox),
                                  .sent = outbox_sent(daemon->outbox),
                                  .memory_bytes = memory_used(&daemon->memory),
                                  .memory_limit_bytes = daemon->memory.limit};
}

static void open_http(struct daemon *daemon)
{
    const struct config *config = daemon->config;
    struct http_settings settings = {.listen = config->http,
                                     .token = config->http_token,
                                     .connections = config->http_connections,
                                     .seconds = config->http_seconds,
                                     .service = daemon->service,
                                     .look = on_look,
                                     .wake = on_wake,
                                     .user = daemon};
    if (settings.listen)
        daemon->http = http_open(&daemon->loop, &settings);
}

void daemon_open_desk(struct daemon *daemon)
{
    struct run_host host = {
        .user = daemon, .reload = on_reload, .stop = on_stop, .describe = on_describe};
    run_set_host(daemon->service, &host);
    system_check(uv_timer_init(&daemon->loop, &daemon->leave), "cannot make a timer");
    daemon->leave.data = daemon;
    open_control(daemon);
    open_http(daemon);
}

void daemon_close_desk(struct daemon *daemon)
{
    control_close(daemon->control);
    http_close(daemon->http);
    uv_close((uv_handle_t *)&daemon->leave, NULL);
}
