#include "manager.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "coven/buf.h"
#include "coven/clock.h"
#include "coven/system.h"

#define PATIENCE_MS 10000 /* before covend reports that it is ready without a first status */

/* ---- Datagrams ---- */

/* `name`: a path, or @ and an abstract name. -1: it is neither, or nobody listens. */
static int connect_to(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = name ? strlen(name) : 0;
    if (len < 2 || len >= sizeof address.sun_path || (*name != '/' && *name != '@'))
        return -1;
    memcpy(address.sun_path, name, len);
    if (*name == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, size) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Never blocks: if the manager does not read, the message is lost. */
static void notify(const struct manager *manager, const char *text)
{
    if (manager->fd >= 0 && send(manager->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return;
}

/* ---- The watchdog ---- */

static void on_watchdog(uv_timer_t *timer)
{
    notify(timer->data, "WATCHDOG=1");
}

/* Half the interval that the manager allows; 0: it does not watch this process. */
static uint64_t watchdog_ms(void)
{
    const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    bool is_ours = !pid || strtol(pid, NULL, 10) == (long)getpid();
    return us && is_ours ? strtoull(us, NULL, 10) / 2000 : 0;
}

/* ---- Life ---- */

static void be_ready(struct manager *manager)
{
    uv_timer_stop(&manager->patience);
    if (manager->ready)
        return;
    manager->ready = true;
    notify(manager, "READY=1");
}

static void on_patience(uv_timer_t *timer)
{
    be_ready(timer->data);
}

void manager_open(struct manager *manager, uv_loop_t *loop)
{
    uint64_t pause = watchdog_ms();
    manager->fd = connect_to(getenv("NOTIFY_SOCKET"));
    manager->ready = false;
    system_check(uv_timer_init(loop, &manager->watchdog), "cannot make a timer");
    system_check(uv_timer_init(loop, &manager->patience), "cannot make a timer");
    manager->watchdog.data = manager->patience.data = manager;
    if (manager->fd >= 0 && pause > 0)
        uv_timer_start(&manager->watchdog, on_watchdog, pause, pause);
    uv_timer_start(&manager->patience, on_patience, PATIENCE_MS, 0);
}

void manager_status(struct manager *manager, const char *line)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "STATUS=%s", line);
    for (char *at = text.data; *at; at++) { /* the line may quote the server */
        if (iscntrl((unsigned char)*at))
            *at = '?';
    }
    notify(manager, text.data);
    buf_free(&text);
    be_ready(manager);
}

void manager_reloading(struct manager *manager)
{
    char text[64];
    snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_mono_us());
    notify(manager, text);
}

void manager_reloaded(struct manager *manager)
{
    notify(manager, "READY=1");
}

void manager_stopping(struct manager *manager)
{
    notify(manager, "STOPPING=1");
}

void manager_close(struct manager *manager)
{
    uv_close((uv_handle_t *)&manager->watchdog, NULL);
    uv_close((uv_handle_t *)&manager->patience, NULL);
    if (manager->fd >= 0)
        close(manager->fd);
    manager->fd = -1;
}
