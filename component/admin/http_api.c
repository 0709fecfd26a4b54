/* Commands over HTTP. */

#include <jansson.h>
#include <string.h>

#include "coven/service.h"
#include "http_private.h"
#include "reply.h"

#define JSON_TYPE  "application/json"
#define LINES_TYPE "application/x-ndjson"
#define FULL_BYTES (256 << 10) /* no more rows while so much waits */

/* ---- Errors ---- */

static const struct {
    const char *condition;
    unsigned status;
} statuses[] = {
    {"forbidden", MHD_HTTP_FORBIDDEN},
    {"not-allowed", MHD_HTTP_FORBIDDEN},
    {"item-not-found", MHD_HTTP_NOT_FOUND},
    {"conflict", MHD_HTTP_CONFLICT},
    {"gone", MHD_HTTP_GONE},
    {"feature-not-implemented", MHD_HTTP_NOT_IMPLEMENTED},
    {"internal-server-error", MHD_HTTP_INTERNAL_SERVER_ERROR},
    {"resource-constraint", MHD_HTTP_SERVICE_UNAVAILABLE},
    {"service-unavailable", MHD_HTTP_SERVICE_UNAVAILABLE},
    {"remote-server-timeout", MHD_HTTP_GATEWAY_TIMEOUT},
};

static unsigned status_of(const struct stanza_error *error)
{
    for (size_t i = 0; error && i < sizeof statuses / sizeof *statuses; i++) {
        if (strcmp(statuses[i].condition, error->condition) == 0)
            return statuses[i].status;
    }
    return error ? MHD_HTTP_BAD_REQUEST : MHD_HTTP_OK;
}

/* ---- The answer ---- */

static void begin(struct exchange *exchange, unsigned status)
{
    if (exchange->begun)
        return;
    exchange->begun = true;
    exchange->status = status;
    exchange->type = exchange->in_lines ? LINES_TYPE : JSON_TYPE;
    if (!exchange->in_lines)
        buf_add_text(&exchange->out, "{\"rows\":[");
}

static bool is_full(void *user)
{
    const struct exchange *exchange = user;
    return exchange->out.len >= FULL_BYTES;
}

static void on_row(void *user, json_t *row)
{
    struct exchange *exchange = user;
    begin(exchange, MHD_HTTP_OK);
    if (exchange->in_lines) {
        reply_row(&exchange->out, row);
    } else {
        buf_add_text(&exchange->out, exchange->has_rows ? ",\n" : "\n");
        reply_json(&exchange->out, row);
    }
    exchange->has_rows = true;
    exchange_wake(exchange);
}

static void on_progress(void *user, int64_t done, int64_t of)
{
    struct exchange *exchange = user;
    if (!exchange->in_lines)
        return;
    begin(exchange, MHD_HTTP_OK);
    reply_progress(&exchange->out, done, of);
    exchange_wake(exchange);
}

static void end_object(struct buf *out, const struct stanza_error *error, const char *text)
{
    json_t *value = error ? reply_error(error, text) : NULL;
    buf_add_char(out, ']');
    if (value) {
        buf_add_text(out, ",\"error\":");
        reply_json(out, value);
    }
    buf_add_text(out, "}\n");
    json_decref(value);
}

static void on_end(void *user, const struct stanza_error *error, const char *text)
{
    struct exchange *exchange = user;
    exchange->run = NULL;
    exchange->over = true;
    begin(exchange, status_of(error));
    if (exchange->in_lines) {
        reply_end(&exchange->out, error, text);
    } else {
        end_object(&exchange->out, error, text);
    }
    exchange_wake(exchange);
}

/* ---- The request ---- */

static void start(struct exchange *exchange, const struct command *command, json_t *args)
{
    const struct http_settings *settings = &exchange->http->settings;
    struct run_caller caller = {.name = "HTTP", .jid = span_of(""), .is_operator = true};
    struct run_sink sink = {.user = exchange,
                            .is_full = is_full,
                            .row = on_row,
                            .progress = on_progress,
                            .end = on_end};
    exchange->run = run_begin(settings->service, command, args, &caller, &sink);
    if (exchange->run)
        settings->wake(settings->user);
    else
        on_end(exchange, &error_resource_constraint, "Too many commands run at once");
}

/* `given` is not an object: `fault` says why. */
static void read_arguments(struct exchange *exchange, const struct command *command, json_t *given,
                           const char *fault)
{
    struct buf why = BUF_INIT;
    json_t *args = NULL;
    if (json_is_object(given))
        args = command_read(command, given,
                            span_of(service_domain(exchange->http->settings.service)), &why);
    else
        buf_add_text(&why, given ? "The arguments are no object" : fault);
    if (args)
        start(exchange, command, args);
    else
        on_end(exchange, &error_bad_request, why.data);
    buf_free(&why);
}

void api_run(struct exchange *exchange)
{
    json_error_t fault = {.line = 0};
    const struct command *command = command_find(exchange->path + strlen("/api/"));
    exchange->in_lines = exchange_accepts(exchange, LINES_TYPE);
    if (!command) {
        on_end(exchange, &error_item_not_found, "There is no such command");
        return;
    }
    json_t *given = exchange->request.len == 0
                        ? json_object()
                        : json_loadb(exchange->request.data, exchange->request.len,
                                     JSON_REJECT_DUPLICATES, &fault);
    read_arguments(exchange, command, given, fault.text);
    json_decref(given);
    buf_free(&exchange->request);
}

/* ---- The list of commands ---- */

static const char *kind_name(enum command_kind kind)
{
    static const char *const names[] = {
        [ARGUMENT_TEXT] = "text",       [ARGUMENT_ROOM] = "room",
        [ARGUMENT_NEW_ROOM] = "room",   [ARGUMENT_USER] = "user",
        [ARGUMENT_VENUE] = "venue",     [ARGUMENT_ADDRESS] = "address",
        [ARGUMENT_NUMBER] = "number",   [ARGUMENT_FLAG] = "flag",
        [ARGUMENT_WORD] = "word",       [ARGUMENT_DURATION] = "duration",
        [ARGUMENT_SETTING] = "setting",
    };
    return names[kind];
}

static json_t *describe_argument(const struct command_argument *argument)
{
    json_t *words = NULL;
    for (size_t i = 0; argument->words && argument->words[i]; i++) {
        words = words ? words : json_array();
        json_array_append_new(words, json_string(argument->words[i]));
    }
    json_t *card = json_pack("{s:s,s:s,s:s,s:b,s:b}", "name", argument->name, "help",
                             argument->help, "kind", kind_name(argument->kind), "required",
                             argument->required, "many", argument->many);
    if (words)
        json_object_set_new(card, "words", words);
    return card;
}

static json_t *describe(const struct command *command)
{
    json_t *list = json_array(), *fields = json_array();
    for (size_t i = 0; command->arguments && command->arguments[i].name; i++)
        json_array_append_new(list, describe_argument(&command->arguments[i]));
    for (size_t i = 0; command->fields && command->fields[i].name; i++)
        json_array_append_new(fields, json_string(command->fields[i].name));
    return json_pack("{s:s,s:s,s:b,s:o,s:o}", "name", command->name, "summary", command->summary,
                     "changes", command->changes, "arguments", list, "fields", fields);
}

void api_list(struct exchange *exchange)
{
    json_t *list = json_array(), *all = json_object();
    for (size_t i = 0; command_at(i); i++)
        json_array_append_new(list, describe(command_at(i)));
    json_object_set_new(all, "commands", list);
    reply_json(&exchange->out, all);
    json_decref(all);
    exchange->type = JSON_TYPE;
    exchange->begun = exchange->over = true;
}
