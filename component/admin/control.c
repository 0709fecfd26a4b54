#include "control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utlist.h>

#include "control_client.h"
#include "coven/log.h"
#include "coven/mem.h"

#define CLIENTS_MAX 32
#define BACKLOG     16
#define TICK_MS     1000

char *control_default_path(const char *data)
{
    const char *folders = getenv("RUNTIME_DIRECTORY");
    struct buf path = BUF_INIT;
    if (folders && *folders == '/')
        buf_printf(&path, "%.*s/control.sock", (int)strcspn(folders, ":"), folders);
    else if (data)
        buf_printf(&path, "%s/control.sock", data);
    return buf_take(&path);
}

/* ---- Connections ---- */

static bool may_connect(uv_pipe_t *pipe)
{
    int fd = -1;
    struct ucred peer = {.uid = (uid_t)-1};
    socklen_t size = sizeof peer;
    if (uv_fileno((uv_handle_t *)pipe, &fd) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    pipe->data = (void *)(uintptr_t)peer.uid;
    return peer.uid == 0 || peer.uid == geteuid();
}

static void on_connection(uv_stream_t *server, int status)
{
    struct control *control = server->data;
    struct control_client *client = control_client_new(control);
    if (status != 0 || uv_accept(server, (uv_stream_t *)&client->pipe) != 0) {
        control_client_end(client);
        return;
    }
    bool allowed = may_connect(&client->pipe);
    uid_t uid = (uid_t)(uintptr_t)client->pipe.data;
    client->pipe.data = client;
    if (!allowed) {
        log_warn("control socket: refused a process of uid %u", (unsigned)uid);
        control_client_refuse(client, &error_forbidden,
                              "Only root and covend's own account may use the control socket");
    } else if (control->count > CLIENTS_MAX) {
        control_client_refuse(client, &error_resource_constraint,
                              "Too many programs use the control socket");
    } else {
        control_client_begin(client, uid);
    }
}

static void on_tick(uv_timer_t *timer)
{
    struct control *control = timer->data;
    struct control_client *client, *next;
    DL_FOREACH_SAFE (control->clients, client, next) {
        control_client_tick(client);
    }
}

/* ---- Start and end ---- */

/* Removes the socket of a process that has died. False: one that lives uses it, even if it does not
 * answer now, or it is something else. */
static bool remove_stale(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    memcpy(address.sun_path, path, strlen(path));
    bool dead =
        connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno == ECONNREFUSED;
    close(fd);
    return dead && unlink(path) == 0;
}

static int listen_at(struct control *control, const char *path)
{
    if (strlen(path) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
        return UV_ENAMETOOLONG;
    int result = uv_pipe_bind(&control->server, path);
    if (result == UV_EADDRINUSE && remove_stale(path))
        result = uv_pipe_bind(&control->server, path);
    return result == 0 ? uv_listen((uv_stream_t *)&control->server, BACKLOG, on_connection)
                       : result;
}

struct control *control_open(uv_loop_t *loop, const struct control_settings *settings)
{
    struct control *control = mem_new(sizeof *control);
    control->settings = *settings;
    control->loop = loop;
    uv_pipe_init(loop, &control->server, 0);
    uv_timer_init(loop, &control->tick);
    control->server.data = control;
    control->tick.data = control;
    control->handles = 2;
    int result = listen_at(control, settings->path);
    if (result != 0) {
        log_error("control socket %s: %s", settings->path, uv_strerror(result));
        control_close(control);
        return NULL;
    }
    control->settings.path = NULL;
    uv_timer_start(&control->tick, on_tick, TICK_MS, TICK_MS);
    uv_unref((uv_handle_t *)&control->tick);
    return control;
}

void control_release(struct control *control)
{
    if (--control->handles == 0)
        free(control);
}

static void on_closed(uv_handle_t *handle)
{
    control_release(handle->data);
}

void control_close(struct control *control)
{
    struct control_client *client, *next;
    if (!control)
        return;
    DL_FOREACH_SAFE (control->clients, client, next) {
        control_client_end(client);
    }
    uv_close((uv_handle_t *)&control->server, on_closed);
    uv_close((uv_handle_t *)&control->tick, on_closed);
}
