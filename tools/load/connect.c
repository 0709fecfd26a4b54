#include "connect.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mirror.h"
#include "wire/handshake.h"
#include "wire/socket.h"

#define OTHER_FILES 32u

static bool add(struct net *net, int fd)
{
    if (fd >= 0)
        net_add(net, fd);
    return fd >= 0;
}

static struct handshake_settings settings_of(const struct options *options)
{
    return (struct handshake_settings){
        .host = options->host,
        .port = options->port,
        .domain = options->domain,
        .service = options->service,
        .secret = options->secret,
        .password = options->password,
        .resource = "load",
        .timeout_ms = options->timeout_ms,
        .stream_management = options->stream_management,
    };
}

static bool connect_server(struct net *net, const struct options *options, int *mirror_r,
                           struct buf *why)
{
    (void)mirror_r;
    struct handshake_settings settings = settings_of(options);
    int listener = socket_listen(options->host, options->port, why);
    if (listener < 0)
        return false;
    bool ok = add(net, handshake_as_server(listener, &settings, why));
    close(listener);
    return ok;
}

/* Gives the socket to a second process, which closes this one's connections. */
static bool start_mirror(struct net *net, const struct options *options, int fd, int *mirror_r,
                         struct buf *why)
{
    *mirror_r = mirror_start(options, fd, net);
    close(fd);
    if (*mirror_r < 0)
        buf_add_text(why, "cannot start a second process");
    return *mirror_r > 0;
}

static bool connect_component(struct net *net, const struct options *options, int *mirror_r,
                              struct buf *why)
{
    struct handshake_settings settings = settings_of(options);
    if (!add(net, handshake_as_component(&settings, why)))
        return false;
    if (!options->mirror_host)
        return true;
    settings.host = options->mirror_host;
    settings.port = options->mirror_port;
    settings.domain = options->service;
    int fd = handshake_as_component(&settings, why);
    return fd >= 0 && start_mirror(net, options, fd, mirror_r, why);
}

/* Raises the limit of open files: each client needs one. */
static bool make_room(uint32_t users, struct buf *why)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return true;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (users + OTHER_FILES <= files.rlim_max)
        return true;
    buf_printf(why, "%u clients exceed the limit of %llu open files", users,
               (unsigned long long)files.rlim_max);
    return false;
}

static bool add_client(struct net *net, const struct options *options, const char *name,
                       struct buf *why)
{
    struct handshake_settings settings = settings_of(options);
    struct tls *tls = NULL;
    settings.tls_r = options->tls ? &tls : NULL;
    int fd = handshake_as_client(&settings, name, why);
    if (fd >= 0)
        net_add_secure(net, fd, tls);
    return fd >= 0;
}

static bool connect_clients(struct net *net, const struct options *options, int *mirror_r,
                            struct buf *why)
{
    (void)mirror_r;
    uint32_t users = options->users + options->flood;
    if (!make_room(users, why))
        return false;
    struct buf name = BUF_INIT;
    bool ok = true;
    for (uint32_t user = 0; user < users && ok; user++) {
        buf_clear(&name);
        buf_printf(&name, "%s%u", options->accounts, user);
        ok = add_client(net, options, name.data, why);
    }
    buf_free(&name);
    return ok;
}

/* Both ends of a TCP connection within this process. */
static bool loopback_pair(const struct options *options, int ends[2], struct buf *why)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int listener = socket_listen(options->host, options->port, why);
    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = listener >= 0 && ends[0] >= 0 &&
              getsockname(listener, (struct sockaddr *)&address, &len) == 0 &&
              connect(ends[0], (struct sockaddr *)&address, len) == 0;
    ends[1] = ok ? socket_accept(listener, options->timeout_ms, why) : -1;
    if (listener >= 0)
        close(listener);
    if (ends[1] < 0 && ends[0] >= 0)
        close(ends[0]);
    if (ends[1] < 0 && why->len == 0)
        buf_add_text(why, "cannot connect to this process over TCP");
    return ends[1] >= 0;
}

static bool connect_loopback(struct net *net, const struct options *options, int *mirror_r,
                             struct buf *why)
{
    int ends[2];
    if (!loopback_pair(options, ends, why))
        return false;
    net_add(net, ends[1]);
    return start_mirror(net, options, ends[0], mirror_r, why);
}

bool connect_all(struct net *net, const struct options *options, int *mirror_r, struct buf *why)
{
    static bool (*const roles[])(struct net * net, const struct options *options, int *mirror_r,
                                 struct buf *why) = {
        [ROLE_SERVER] = connect_server,
        [ROLE_COMPONENT] = connect_component,
        [ROLE_CLIENTS] = connect_clients,
        [ROLE_LOOPBACK] = connect_loopback,
    };
    *mirror_r = 0;
    return roles[options->role](net, options, mirror_r, why);
}
