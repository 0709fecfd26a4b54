#include <stdlib.h>
#include <string.h>

#include "coven/counts.h"
#include "http_private.h"

#define OPEN_TYPE     "application/openmetrics-text"
#define OPEN_FULL     OPEN_TYPE "; version=1.0.0; charset=utf-8"
#define PLAIN_TYPE    "text/plain; version=0.0.4; charset=utf-8"
#define JSON_TYPE     "application/json"
#define ROOMS_CACHING "public, max-age=60"
#define ROOMS_LIMIT   100

/* ---- Metrics and health ---- */

static void answer_metrics(struct exchange *exchange)
{
    const struct http_settings *settings = &exchange->http->settings;
    struct metrics_host host = {0};
    const char *state = NULL;
    settings->look(settings->user, &host, &state);
    bool is_open = exchange_accepts(exchange, OPEN_TYPE);
    metrics_write(&exchange->out, is_open, settings->service, &host);
    exchange->type = is_open ? OPEN_FULL : PLAIN_TYPE;
    exchange->begun = exchange->over = true;
}

static void answer_health(struct exchange *exchange)
{
    const struct http_settings *settings = &exchange->http->settings;
    struct metrics_host host = {0};
    const char *state = NULL;
    settings->look(settings->user, &host, &state);
    bool is_stored = !counts_of(settings->service)->last_dropped;
    unsigned status = host.is_up && is_stored ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    if (!host.is_up)
        buf_add_text(&exchange->out, "the link is down: ");
    exchange_say(exchange, status,
                 !host.is_up ? (state ? state : "not connected")
                 : is_stored ? "ok"
                             : "the store failed at the last commit");
}

/* ---- Rooms ---- */

static void on_directory(void *user, struct buf *json)
{
    struct exchange *exchange = user;
    exchange->directory = NULL;
    if (!json) {
        exchange_say(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "The rooms cannot be read");
    } else {
        exchange->out = *json;
        *json = BUF_INIT;
        exchange->type = JSON_TYPE;
        exchange->caching = ROOMS_CACHING;
        exchange->is_shared = true;
        exchange->begun = exchange->over = true;
    }
    exchange_wake(exchange);
}

static const char *argument_of(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, name);
}

static void answer_rooms(struct exchange *exchange)
{
    const struct http_settings *settings = &exchange->http->settings;
    const char *after = argument_of(exchange, "after"), *text = argument_of(exchange, "limit");
    char *end = NULL;
    unsigned long limit = text ? strtoul(text, &end, 10) : ROOMS_LIMIT;
    if (text && (*text < '0' || *text > '9' || *end || limit == 0)) {
        exchange_say(exchange, MHD_HTTP_BAD_REQUEST, "The limit is no number above 0");
        return;
    }
    if (limit > DIRECTORY_LIMIT_MAX)
        limit = DIRECTORY_LIMIT_MAX;
    exchange->directory = directory_ask(settings->service, span_of(after ? after : ""),
                                        (unsigned)limit, on_directory, exchange);
    settings->wake(settings->user);
}

/* ---- All ---- */

static const struct http_page pages[] = {
    {"/metrics", false, false, answer_metrics},
    {"/health", false, false, answer_health},
    {"/rooms.json", false, false, answer_rooms},
    {"/api", false, true, api_list},
    {"/api/", true, true, api_run},
};

static bool is_at(const struct http_page *page, const char *path)
{
    size_t len = strlen(page->path);
    return page->path[len - 1] == '/' ? strncmp(page->path, path, len) == 0
                                      : strcmp(page->path, path) == 0;
}

const struct http_page *http_page_find(const char *path)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (is_at(&pages[i], path))
            return &pages[i];
    }
    return NULL;
}
