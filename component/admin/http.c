#include "http.h"

#include <openssl/crypto.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

#include "coven/log.h"
#include "coven/mem.h"
#include "http_address.h"
#include "http_private.h"

#define PAUSE_MS           1000
#define TICK_MS            1000
#define CONNECTION_SECONDS 10 /* without a byte, either way */
#define CONNECTION_BYTES   16384

/* ---- The loop ---- */

static void on_timer(uv_timer_t *timer);

/* At its limit of connections libmicrohttpd stops to accept, and begins again only when it is run
 * after connections have ended; nothing else would run it then. So it is run every second. */
static void run(struct http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    MHD_run(http->server);
    if (MHD_get_timeout(http->server, &wait_ms) != MHD_YES || wait_ms > PAUSE_MS)
        wait_ms = PAUSE_MS;
    uv_timer_start(&http->timer, on_timer, wait_ms, 0);
}

static void on_timer(uv_timer_t *timer)
{
    run(timer->data);
}

void http_run_soon(struct http *http)
{
    uv_timer_start(&http->timer, on_timer, 0, 0);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

static void on_fault(void *user, const char *format, va_list args)
{
    char line[256];
    (void)user;
    vsnprintf(line, sizeof line, format, args);
    log_debug("HTTP: %.*s", (int)strcspn(line, "\n"), line);
}

/* ---- Connections ---- */

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = user;
    struct http_client *client = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = client = mem_new(sizeof *client);
        client->connection = connection;
        DL_APPEND(http->clients, client);
    } else {
        DL_DELETE(http->clients, client);
        free(client);
    }
}

static int socket_of(const struct http_client *client)
{
    return MHD_get_connection_info(client->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
        ->connect_fd;
}

/* libmicrohttpd does not look after a suspended connection. */
static bool has_left(const struct http_client *client)
{
    struct pollfd ready = {.fd = socket_of(client), .events = POLLRDHUP};
    return poll(&ready, 1, 0) > 0;
}

/* Who waits for covend has time; who lets covend wait has little, whatever he sends meanwhile. */
static void check_client(const struct http *http, struct http_client *client)
{
    bool waits = client->exchange && client->exchange->suspended;
    if (waits && has_left(client))
        exchange_leave(client->exchange);
    else if (!waits && ++client->used_s > http->settings.seconds)
        shutdown(socket_of(client), SHUT_RDWR);
}

static void on_tick(uv_timer_t *tick)
{
    struct http *http = tick->data;
    struct http_client *client;
    DL_FOREACH (http->clients, client) {
        check_client(http, client);
    }
}

/* ---- Start and end ---- */

static struct MHD_Daemon *listen_at(struct http *http, const struct sockaddr_storage *address)
{
    unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME;
    if (address->ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_take, http, MHD_OPTION_EXTERNAL_LOGGER, on_fault, NULL,
        MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_end, http, MHD_OPTION_CONNECTION_LIMIT,
        http->settings.connections, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
}

static void watch(struct http *http, uv_loop_t *loop)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->server, MHD_DAEMON_INFO_EPOLL_FD);
    uv_poll_init(loop, &http->poll, info->epoll_fd);
    uv_timer_init(loop, &http->timer);
    uv_timer_init(loop, &http->tick);
    http->poll.data = http->timer.data = http->tick.data = http;
    http->handles = 3;
    uv_timer_start(&http->tick, on_tick, TICK_MS, TICK_MS);
    uv_poll_start(&http->poll, UV_READABLE, on_poll);
}

static void free_all(struct http *http)
{
    if (http->token)
        OPENSSL_cleanse(http->token, strlen(http->token));
    free(http->token);
    free(http);
}

struct http *http_open(uv_loop_t *loop, const struct http_settings *settings)
{
    struct sockaddr_storage address;
    if (!http_address_read(settings->listen, &address)) {
        log_error("HTTP: \"%s\" is no ADDRESS:PORT", settings->listen);
        return NULL;
    }
    struct http *http = mem_new(sizeof *http);
    http->settings = *settings;
    http->token = mem_string(settings->token);
    http->server = listen_at(http, &address);
    if (!http->server) {
        log_error("HTTP: cannot listen at %s", settings->listen);
        free_all(http);
        return NULL;
    }
    if (!http_address_is_loopback(&address))
        log_warn("HTTP: %s can be reached from other machines", settings->listen);
    http->settings.listen = http->settings.token = NULL;
    watch(http, loop);
    return http;
}

/* A server with suspended connections cannot be stopped. */
static void on_closed(uv_handle_t *handle)
{
    struct http *http = handle->data;
    struct http_client *client;
    if (--http->handles > 0)
        return;
    DL_FOREACH (http->clients, client) {
        if (client->exchange)
            exchange_leave(client->exchange);
    }
    MHD_stop_daemon(http->server);
    free_all(http);
}

void http_close(struct http *http)
{
    if (!http)
        return;
    uv_close((uv_handle_t *)&http->poll, on_closed);
    uv_close((uv_handle_t *)&http->timer, on_closed);
    uv_close((uv_handle_t *)&http->tick, on_closed);
}
