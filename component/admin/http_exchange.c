#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "http_private.h"

#define REQUEST_MAX (1 << 20)
#define PIECE_BYTES 16384
#define TEXT_TYPE   "text/plain; charset=utf-8"

void exchange_say(struct exchange *exchange, unsigned status, const char *text)
{
    exchange->status = status;
    exchange->type = TEXT_TYPE;
    exchange->begun = exchange->over = true;
    buf_printf(&exchange->out, "%s\n", text);
}

void exchange_wake(struct exchange *exchange)
{
    if (!exchange->suspended)
        return;
    exchange->suspended = false;
    MHD_resume_connection(exchange->connection);
    http_run_soon(exchange->http);
}

static void suspend(struct exchange *exchange)
{
    exchange->suspended = true;
    MHD_suspend_connection(exchange->connection);
}

void exchange_leave(struct exchange *exchange)
{
    if (exchange->run)
        run_abandon(exchange->run);
    if (exchange->directory)
        directory_abandon(exchange->directory);
    exchange->run = NULL;
    exchange->directory = NULL;
    exchange->gone = true;
    exchange_wake(exchange);
}

void exchange_end(void *user, struct MHD_Connection *connection, void **state,
                  enum MHD_RequestTerminationCode code)
{
    struct exchange *exchange = *state;
    (void)user;
    (void)connection;
    (void)code;
    if (!exchange)
        return;
    exchange_leave(exchange);
    exchange->client->exchange = NULL;
    exchange->client->used_s = 0;
    buf_free(&exchange->request);
    buf_free(&exchange->out);
    free(exchange);
    *state = NULL;
}

/* ---- Answers ---- */

static ssize_t give(void *user, uint64_t at, char *bytes, size_t most)
{
    struct exchange *exchange = user;
    size_t left = exchange->out.len - exchange->sent, count = left < most ? left : most;
    (void)at;
    if (exchange->gone)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (count == 0 && exchange->over)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (count == 0) {
        suspend(exchange);
        return 0;
    }
    memcpy(bytes, exchange->out.data + exchange->sent, count);
    exchange->sent += count;
    if (exchange->sent < exchange->out.len)
        return (ssize_t)count;
    buf_clear(&exchange->out);
    exchange->sent = 0;
    if (exchange->run)
        exchange->http->settings.wake(exchange->http->settings.user);
    return (ssize_t)count;
}

static struct MHD_Response *response_new(struct exchange *exchange)
{
    size_t len = exchange->out.len;
    return exchange->over ? MHD_create_response_from_buffer(len, buf_take(&exchange->out),
                                                            MHD_RESPMEM_MUST_FREE)
                          : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE_BYTES, give,
                                                              exchange, NULL);
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    struct MHD_Response *response = response_new(exchange);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", exchange->type);
    MHD_add_response_header(response, "Cache-Control",
                            exchange->caching ? exchange->caching : "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (exchange->is_shared)
        MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
    if (exchange->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", exchange->page->is_post ? "POST" : "GET, HEAD");
    if (exchange->status == MHD_HTTP_UNAUTHORIZED)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"covend\"");
    enum MHD_Result result = MHD_queue_response(exchange->connection, exchange->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- Requests ---- */

static const char *header_of(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

bool exchange_accepts(const struct exchange *exchange, const char *type)
{
    const char *accepted = header_of(exchange, "Accept");
    return accepted && strcasestr(accepted, type);
}

/* The time that it takes tells how long the token is at most. */
static bool knows_token(const struct exchange *exchange)
{
    static const char scheme[] = "Bearer ";
    const char *token = exchange->http->token, *given = header_of(exchange, "Authorization");
    if (!given || strncasecmp(given, scheme, sizeof scheme - 1) != 0)
        return false;
    given += sizeof scheme - 1;
    return strlen(given) == strlen(token) && CRYPTO_memcmp(given, token, strlen(token)) == 0;
}

static bool is_long(const struct exchange *exchange)
{
    const char *length = header_of(exchange, "Content-Length");
    return length && strtoull(length, NULL, 10) > REQUEST_MAX;
}

/* What the head alone refuses, before a body is read. */
static void check_head(struct exchange *exchange, const char *method)
{
    bool is_post = strcmp(method, "POST") == 0;
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    const struct http_page *page = http_page_find(exchange->path);
    if (page && page->is_guarded && !exchange->http->token)
        page = NULL;
    exchange->page = page;
    if (!page)
        exchange_say(exchange, MHD_HTTP_NOT_FOUND, "There is no such page");
    else if (page->is_post ? !is_post : !reads)
        exchange_say(exchange, MHD_HTTP_METHOD_NOT_ALLOWED, "The page does not know that method");
    else if (page->is_guarded && !knows_token(exchange))
        exchange_say(exchange, MHD_HTTP_UNAUTHORIZED, "The token is missing or wrong");
    else if (is_long(exchange))
        exchange_say(exchange, MHD_HTTP_CONTENT_TOO_LARGE, "The request is too large");
}

/* A body whose length is not told is read to its end, because libmicrohttpd takes no answer before
 * that. */
static void take_body(struct exchange *exchange, const char *bytes, size_t count)
{
    exchange->too_large = exchange->too_large || exchange->request.len + count > REQUEST_MAX;
    if (!exchange->too_large && exchange->page->is_post)
        buf_add(&exchange->request, bytes, count);
}

static struct exchange *exchange_new(struct http *http, struct MHD_Connection *connection,
                                     const char *path)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct exchange *exchange = mem_new(sizeof *exchange);
    exchange->http = http;
    exchange->client = info->socket_context;
    exchange->client->exchange = exchange;
    exchange->connection = connection;
    exchange->path = path;
    exchange->status = MHD_HTTP_OK;
    return exchange;
}

static enum MHD_Result answer(struct exchange *exchange)
{
    if (exchange->gone)
        return MHD_NO;
    if (!exchange->asked && exchange->too_large)
        exchange_say(exchange, MHD_HTTP_CONTENT_TOO_LARGE, "The request is too large");
    else if (!exchange->asked)
        exchange->page->answer(exchange);
    exchange->asked = true;
    if (exchange->begun)
        return send_answer(exchange);
    suspend(exchange);
    return MHD_YES;
}

/* libmicrohttpd calls it when the head is there, for each piece of the body, at its end, and when
 * the connection goes on after it was suspended, until an answer is queued. */
enum MHD_Result exchange_take(void *user, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *bytes,
                              size_t *count, void **state)
{
    struct exchange *exchange = *state;
    (void)version;
    if (!exchange) {
        *state = exchange = exchange_new(user, connection, path);
        check_head(exchange, method);
        return exchange->begun ? send_answer(exchange) : MHD_YES;
    }
    if (*count == 0)
        return answer(exchange);
    take_body(exchange, bytes, *count);
    *count = 0;
    return MHD_YES;
}
