#include "http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/counts.h"
#include "coven/log.h"
#include "coven/mem.h"

#define PAUSE_MS           1000
#define CONNECTIONS_MAX    64
#define CONNECTION_SECONDS 10
#define CONNECTION_BYTES   16384
#define METRICS_TYPE       "application/openmetrics-text; version=1.0.0; charset=utf-8"
#define TEXT_TYPE          "text/plain; charset=utf-8"

struct http {
    struct http_settings settings;
    struct MHD_Daemon *server;
    uv_poll_t poll;
    uv_timer_t timer;
    unsigned handles; /* not yet closed */
};

/* ---- Answers ---- */

struct answer {
    unsigned status;
    const char *type;
    struct buf body;
};

static void answer_metrics(struct http *http, struct answer *answer)
{
    struct metrics_host host = {0};
    const char *state = NULL;
    http->settings.look(http->settings.user, &host, &state);
    answer->type = METRICS_TYPE;
    metrics_write(&answer->body, http->settings.service, &host);
}

static void answer_health(struct http *http, struct answer *answer)
{
    struct metrics_host host = {0};
    const char *state = NULL;
    http->settings.look(http->settings.user, &host, &state);
    bool is_stored = !counts_of(http->settings.service)->last_dropped;
    answer->status = host.is_up && is_stored ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    if (!host.is_up)
        buf_printf(&answer->body, "the link is down: %s\n", state ? state : "not connected");
    else
        buf_add_text(&answer->body, is_stored ? "ok\n" : "the store failed at the last commit\n");
}

static const struct {
    const char *path;
    void (*answer)(struct http *http, struct answer *answer);
} pages[] = {{"/metrics", answer_metrics}, {"/health", answer_health}};

static void answer_page(struct http *http, const char *path, struct answer *answer)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (strcmp(pages[i].path, path) == 0) {
            pages[i].answer(http, answer);
            return;
        }
    }
    answer->status = MHD_HTTP_NOT_FOUND;
    buf_add_text(&answer->body, "There is no such page\n");
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct answer *answer)
{
    size_t len = answer->body.len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, buf_take(&answer->body), MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer->type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

/* libmicrohttpd calls it first when the head is there, and then until an answer is queued. A body
 * is refused with the head, so that none is read. */
static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *count, void **state)
{
    static char seen;
    struct answer answer = {.status = MHD_HTTP_OK, .type = TEXT_TYPE};
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    (void)version;
    (void)bytes;
    if (reads && !*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (reads && *count > 0) {
        *count = 0;
        return MHD_YES;
    }
    if (reads) {
        answer_page(user, path, &answer);
    } else {
        answer.status = MHD_HTTP_METHOD_NOT_ALLOWED;
        buf_add_text(&answer.body, "Only GET and HEAD are understood here\n");
    }
    return send_answer(connection, &answer);
}

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

/* ---- Start and end ---- */

static bool port_read(const char *text, uint16_t *port_r)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || port == 0 || port > UINT16_MAX)
        return false;
    *port_r = htons((uint16_t)port);
    return true;
}

/* HOST is an IPv4 address, or an IPv6 address in brackets. */
static bool address_read(const char *text, struct sockaddr_storage *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2];
    size_t len = colon ? (size_t)(colon - text) : 0;
    if (len < 2 || len >= sizeof host)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';
    memset(address, 0, sizeof *address);
    if (*host != '[') {
        four->sin_family = AF_INET;
        return inet_pton(AF_INET, host, &four->sin_addr) == 1 &&
               port_read(colon + 1, &four->sin_port);
    }
    six->sin6_family = AF_INET6;
    if (host[len - 1] != ']')
        return false;
    host[len - 1] = '\0';
    return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1 &&
           port_read(colon + 1, &six->sin6_port);
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
    return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == 127;
}

static struct MHD_Daemon *listen_at(struct http *http, const struct sockaddr_storage *address)
{
    unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG;
    if (address->ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER,
                            on_fault, NULL, MHD_OPTION_SOCK_ADDR, address,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_SECONDS,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
                            MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
}

static void watch(struct http *http, uv_loop_t *loop)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->server, MHD_DAEMON_INFO_EPOLL_FD);
    uv_poll_init(loop, &http->poll, info->epoll_fd);
    uv_timer_init(loop, &http->timer);
    http->poll.data = http;
    http->timer.data = http;
    http->handles = 2;
    uv_poll_start(&http->poll, UV_READABLE, on_poll);
}

struct http *http_open(uv_loop_t *loop, const struct http_settings *settings)
{
    struct sockaddr_storage address;
    if (!address_read(settings->listen, &address)) {
        log_error("HTTP: \"%s\" is no ADDRESS:PORT", settings->listen);
        return NULL;
    }
    struct http *http = mem_new(sizeof *http);
    http->settings = *settings;
    http->server = listen_at(http, &address);
    if (!http->server) {
        log_error("HTTP: cannot listen at %s", settings->listen);
        free(http);
        return NULL;
    }
    if (!is_loopback(&address))
        log_warn("HTTP: %s can be reached from other machines", settings->listen);
    http->settings.listen = NULL;
    watch(http, loop);
    return http;
}

static void on_closed(uv_handle_t *handle)
{
    struct http *http = handle->data;
    if (--http->handles > 0)
        return;
    MHD_stop_daemon(http->server);
    free(http);
}

void http_close(struct http *http)
{
    if (!http)
        return;
    uv_close((uv_handle_t *)&http->poll, on_closed);
    uv_close((uv_handle_t *)&http->timer, on_closed);
}
