#include "login.h"

#include <unistd.h>

#include "wire/socket.h"

static void *run(void *user)
{
    struct login *login = user;
    struct buf why = BUF_INIT;
    login->settings.resource = login->resource;
    login->fd = handshake_as_client(&login->settings, login->user, &why);
    buf_free(&why);
    atomic_store(&login->done, true);
    return NULL;
}

bool login_begin(struct login *login)
{
    atomic_store(&login->done, false);
    login->runs = pthread_create(&login->thread, NULL, run, login) == 0;
    return login->runs;
}

bool login_runs(const struct login *login)
{
    return login->runs;
}

bool login_ends(struct login *login, int *fd_r)
{
    if (!login->runs || !atomic_load(&login->done))
        return false;
    pthread_join(login->thread, NULL);
    login->runs = false;
    *fd_r = login->fd;
    return true;
}

bool login_is_open(const struct handshake_settings *settings)
{
    struct buf why = BUF_INIT;
    int fd = socket_connect(settings->host, settings->port, &why);
    buf_free(&why);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}
