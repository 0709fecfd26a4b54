#include "talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "show.h"

#define SOCKET_DEFAULT "/run/coven/control.sock"
#define CHUNK          65536

/* ---- Connecting ---- */

static int nobody(const char *path, const char *why)
{
    show_error("cannot reach covend at %s: %s", path, why);
    return -1;
}

static const char *explain(int error)
{
    switch (error) {
    case ENOENT:
    case ECONNREFUSED:
        return "it is not running, or its socket is elsewhere (--socket)";
    case EACCES:
        return "only root and covend's own account may use the socket";
    default:
        return strerror(error);
    }
}

static int dial(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return nobody(path, "the path is too long for a socket");
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int error = errno;
    if (fd >= 0)
        close(fd);
    return nobody(path, explain(error));
}

/* ---- Asking ---- */

static bool send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* Where covend refuses the connection, it may have gone before all is sent; its answer says why. */
static void ask(int fd, const struct command *command, json_t *given)
{
    json_t *request = json_pack("{s:s, s:O}", "command", command->name, "arguments", given);
    char *line = json_dumps(request, JSON_COMPACT);
    if (send_all(fd, line, strlen(line)))
        send_all(fd, "\n", 1);
    free(line);
    json_decref(request);
}

/* ---- Listening ---- */

struct answer {
    struct show *show;
    int status; /* -1: not over yet */
};

static void take_error(struct answer *answer, const json_t *error)
{
    const char *text = json_string_value(json_object_get(error, "text"));
    show_flush(answer->show);
    show_error("%s", text ? text : "covend refused the command");
    const char *condition = json_string_value(json_object_get(error, "condition"));
    bool is_ours = condition && strcmp(condition, "bad-request") == 0;
    answer->status = is_ours ? CTL_USAGE : CTL_FAILED;
}

static void take_line(struct answer *answer, const char *line, size_t len)
{
    json_t *json = json_loadb(line, len, 0, NULL), *value;
    if ((value = json_object_get(json, "row")))
        show_row(answer->show, value);
    else if ((value = json_object_get(json, "progress")))
        show_progress(answer->show, json_integer_value(json_object_get(value, "done")),
                      json_integer_value(json_object_get(value, "of")));
    else if ((value = json_object_get(json, "error")))
        take_error(answer, value);
    else if (json_object_get(json, "end"))
        answer->status = CTL_DONE;
    json_decref(json);
}

static void take_lines(struct answer *answer, struct buf *in)
{
    size_t from = 0;
    const char *end;
    while (in->len > from && (end = memchr(in->data + from, '\n', in->len - from))) {
        take_line(answer, in->data + from, (size_t)(end - in->data) - from);
        from = (size_t)(end - in->data) + 1;
    }
    buf_consume(in, from);
}

static void listen_to(int fd, struct answer *answer)
{
    struct buf in = BUF_INIT;
    while (answer->status < 0) {
        char *end = buf_reserve(&in, CHUNK);
        ssize_t count = read(fd, end, CHUNK);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        in.len += (size_t)count;
        take_lines(answer, &in);
    }
    buf_free(&in);
}

int talk(const struct ctl *ctl, const struct command *command, json_t *given)
{
    int fd = dial(ctl->socket ? ctl->socket : SOCKET_DEFAULT);
    if (fd < 0)
        return CTL_NOBODY;
    struct show show = show_begin(command, ctl->json);
    struct answer answer = {&show, -1};
    ask(fd, command, given);
    listen_to(fd, &answer);
    close(fd);
    show_end(&show, answer.status == CTL_DONE);
    if (answer.status == CTL_DONE && json_object_get(given, "dry_run"))
        show_error("nothing was changed (--dry-run)");
    if (answer.status >= 0)
        return answer.status;
    show_error("covend ended the connection before the command was over");
    return CTL_FAILED;
}
