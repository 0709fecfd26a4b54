#include "control_client.h"

#include <poll.h>
#include <stdlib.h>
#include <utlist.h>

#include "coven/mem.h"
#include "reply.h"

#define REQUEST_MAX (1 << 20)
#define READ_SIZE   65536
#define FULL_BYTES  (256 << 10) /* no more rows while so much waits */
#define PATIENCE_S  30          /* until the request is complete */
#define READING_S   3600 /* until a part of the answer is taken: a person may be reading it */

/* ---- Writing ---- */

static void flush(struct control_client *client);

static void on_written(uv_write_t *write, int status)
{
    struct control_client *client = write->data;
    buf_clear(&client->writing);
    client->idle_s = 0;
    if (client->closing)
        return;
    if (status != 0 || (client->over && client->out.len == 0)) {
        control_client_end(client);
        return;
    }
    flush(client);
    if (client->run)
        client->control->settings.wake(client->control->settings.user);
}

/* Starts to write what waits, unless a write is under way: its end starts the next. */
static void flush(struct control_client *client)
{
    struct buf empty = client->writing;
    if (client->closing || client->writing.len > 0 || client->out.len == 0)
        return;
    client->writing = client->out;
    client->out = empty;
    uv_buf_t piece = uv_buf_init(client->writing.data, (unsigned)client->writing.len);
    client->write.data = client;
    if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &piece, 1, on_written) != 0)
        control_client_end(client);
}

static void finish(struct control_client *client, const struct stanza_error *error,
                   const char *text)
{
    client->run = NULL;
    client->over = true;
    reply_end(&client->out, error, text);
    flush(client);
}

void control_client_refuse(struct control_client *client, const struct stanza_error *error,
                           const char *text)
{
    client->asked = true;
    finish(client, error, text);
}

/* ---- The run ---- */

static bool is_full(void *user)
{
    const struct control_client *client = user;
    return client->out.len >= FULL_BYTES;
}

static void on_row(void *user, json_t *row)
{
    struct control_client *client = user;
    reply_row(&client->out, row);
    flush(client);
}

static void on_progress(void *user, int64_t done, int64_t of)
{
    struct control_client *client = user;
    reply_progress(&client->out, done, of);
    flush(client);
}

static void on_alloc(uv_handle_t *pipe, size_t wanted, uv_buf_t *piece_r);
static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *piece);

static void on_hungry(void *user)
{
    struct control_client *client = user;
    if (!client->closing && !client->says_no_more)
        uv_read_start((uv_stream_t *)&client->pipe, on_alloc, on_read);
}

static void on_end(void *user, const struct stanza_error *error, const char *text)
{
    finish(user, error, text);
}

static void run(struct control_client *client, const struct command *command, json_t *args)
{
    const struct control *control = client->control;
    char name[32];
    snprintf(name, sizeof name, "uid %u", (unsigned)client->uid);
    struct run_caller caller = {.name = name, .jid = span_of(""), .is_operator = true};
    struct run_sink sink = {.user = client,
                            .is_full = is_full,
                            .row = on_row,
                            .progress = on_progress,
                            .hungry = on_hungry,
                            .end = on_end};
    client->feeds = command->reads;
    client->run = run_begin(control->settings.service, command, args, &caller, &sink);
    if (client->run)
        control->settings.wake(control->settings.user);
    else
        finish(client, &error_resource_constraint, "Too many commands run at once");
}

/* ---- Reading ---- */

static void handle(struct control_client *client, json_t *request)
{
    struct buf why = BUF_INIT;
    const char *name = json_string_value(json_object_get(request, "command"));
    const struct command *command = name ? command_find(name) : NULL;
    if (name && !command)
        command = command_find_bulk(name);
    json_t *given = json_object_get(request, "arguments"), *none = json_object();
    json_t *args =
        command ? command_read(command, given ? given : none,
                               span_of(service_domain(client->control->settings.service)), &why)
                : NULL;
    json_decref(none);
    if (args)
        run(client, command, args);
    else
        finish(client, &error_bad_request, command ? why.data : "There is no such command");
    buf_free(&why);
}

static void read_request(struct control_client *client, size_t len)
{
    json_error_t fault;
    json_t *request = json_loadb(client->request.data, len, JSON_REJECT_DUPLICATES, &fault);
    client->asked = true;
    if (request)
        handle(client, request);
    else
        finish(client, &error_bad_request, fault.text);
    json_decref(request);
}

/* Lines for the run. While it has enough, no more are read. */
static void feed(struct control_client *client, const char *bytes, size_t len)
{
    const struct control *control = client->control;
    if (!client->run || !client->feeds || len == 0)
        return; /* nothing is expected any more */
    client->idle_s = 0;
    if (!run_feed(client->run, bytes, len))
        uv_read_stop((uv_stream_t *)&client->pipe);
    control->settings.wake(control->settings.user);
}

static void take(struct control_client *client, const char *bytes, size_t len)
{
    if (client->asked) {
        feed(client, bytes, len);
        return;
    }
    client->idle_s = 0;
    buf_add(&client->request, bytes, len);
    const char *end = memchr(client->request.data, '\n', client->request.len);
    if (end) {
        size_t line = (size_t)(end - client->request.data);
        read_request(client, line);
        feed(client, end + 1, client->request.len - line - 1);
        buf_free(&client->request);
    } else if (client->request.len > REQUEST_MAX)
        control_client_refuse(client, &error_policy_violation, "The request is too large");
}

/* Has the client closed the connection, and not only its own direction? Some do that behind the
 * request. */
static bool is_gone(const struct control_client *client)
{
    struct pollfd state = {.events = 0};
    return uv_fileno((const uv_handle_t *)&client->pipe, &state.fd) != 0 ||
           (poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)));
}

static void end_feed(struct control_client *client)
{
    const struct control *control = client->control;
    run_feed_end(client->run);
    control->settings.wake(control->settings.user);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *piece)
{
    struct control_client *client = stream->data;
    if (count > 0)
        take(client, piece->base, (size_t)count);
    free(piece->base);
    if (count >= 0)
        return;
    client->says_no_more = true;
    uv_read_stop(stream);
    if (!client->asked || is_gone(client))
        control_client_end(client);
    else if (client->run && client->feeds)
        end_feed(client);
}

static void on_alloc(uv_handle_t *pipe, size_t wanted, uv_buf_t *piece_r)
{
    (void)pipe;
    (void)wanted;
    *piece_r = uv_buf_init(mem_resize(NULL, READ_SIZE), READ_SIZE);
}

/* ---- Beginning and end ---- */

struct control_client *control_client_new(struct control *control)
{
    struct control_client *client = mem_new(sizeof *client);
    client->control = control;
    uv_pipe_init(control->loop, &client->pipe, 0);
    client->pipe.data = client;
    DL_APPEND(control->clients, client);
    control->count++;
    control->handles++;
    return client;
}

void control_client_begin(struct control_client *client, uid_t uid)
{
    client->uid = uid;
    if (uv_read_start((uv_stream_t *)&client->pipe, on_alloc, on_read) != 0)
        control_client_end(client);
}

static void on_closed(uv_handle_t *pipe)
{
    struct control_client *client = pipe->data;
    control_release(client->control);
    buf_free(&client->request);
    buf_free(&client->out);
    buf_free(&client->writing);
    free(client);
}

void control_client_end(struct control_client *client)
{
    if (client->closing)
        return;
    client->closing = true;
    if (client->run)
        run_abandon(client->run);
    client->run = NULL;
    DL_DELETE(client->control->clients, client);
    client->control->count--;
    uv_close((uv_handle_t *)&client->pipe, on_closed);
}

void control_client_tick(struct control_client *client)
{
    bool waits_for_run = client->run && client->writing.len == 0;
    unsigned patience = client->asked ? READING_S : PATIENCE_S;
    bool gone = client->says_no_more && is_gone(client);
    if (gone || (!waits_for_run && ++client->idle_s > patience))
        control_client_end(client);
}
