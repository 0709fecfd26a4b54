#include "server.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "component.h"
#include "coven/bug.h"
#include "options.h"

#define BACKLOG 4096

enum { EXIT_ENVIRONMENT = 1, EXIT_USAGE = 2 };

/* ---- Listening ---- */

static void on_connection(uv_stream_t *stream, int status)
{
    struct listener *listener = stream->data;
    if (status == 0)
        listener->accept(listener->server, stream);
}

/* Prints the kind of a listener and its address. */
static void announce(const char *name, const uv_tcp_t *tcp)
{
    struct sockaddr_storage address;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int len = sizeof address;
    if (uv_tcp_getsockname(tcp, (struct sockaddr *)&address, &len) != 0 ||
        getnameinfo((struct sockaddr *)&address, (socklen_t)len, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    bool six = address.ss_family == AF_INET6;
    printf("%s %s%s%s:%s\n", name, six ? "[" : "", host, six ? "]" : "", port);
}

static bool listen_on(struct listener *listener, struct server *server, const char *where,
                      const struct sockaddr_storage *address)
{
    listener->server = server;
    listener->tcp.data = listener;
    int error = uv_tcp_bind(&listener->tcp, (const struct sockaddr *)address, 0);
    if (error == 0)
        error = uv_listen((uv_stream_t *)&listener->tcp, BACKLOG, on_connection);
    if (error != 0)
        fprintf(stderr, "coven-shim: %s: %s\n", where, uv_strerror(error));
    return error == 0;
}

/* ---- Stopping ---- */

static void stop(struct server *server)
{
    uv_handle_t *handles[] = {
        (uv_handle_t *)&server->c2s.tcp,
        (uv_handle_t *)&server->component.tcp,
        (uv_handle_t *)&server->stops[0],
        (uv_handle_t *)&server->stops[1],
    };
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        if (!uv_is_closing(handles[i]))
            uv_close(handles[i], NULL);
    pool_stop(&server->pool);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    stop(signal->data);
}

static void watch_signals(struct server *server)
{
    static const int numbers[] = {SIGTERM, SIGINT};
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < 2; i++) {
        uv_signal_init(&server->loop, &server->stops[i]);
        server->stops[i].data = server;
        uv_signal_start(&server->stops[i], on_signal, numbers[i]);
    }
}

/* ---- The server ---- */

static void server_open(struct server *server, SSL_CTX *tls)
{
    uv_loop_init(&server->loop);
    pool_open(&server->pool, &server->loop, tls);
    uv_tcp_init(&server->loop, &server->c2s.tcp);
    uv_tcp_init(&server->loop, &server->component.tcp);
    server->c2s.accept = client_accept;
    server->component.accept = component_accept;
    watch_signals(server);
}

static void server_close(struct server *server)
{
    stop(server);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    pool_close(&server->pool);
    int error = uv_loop_close(&server->loop);
    coven_assert(error == 0);
}

static int serve(struct server *server, const struct options *options, SSL_CTX *tls,
                 const struct sockaddr_storage *c2s, const struct sockaddr_storage *component)
{
    server_open(server, tls);
    bool ok = listen_on(&server->c2s, server, options->c2s, c2s) &&
              listen_on(&server->component, server, options->component, component);
    if (ok) {
        announce("c2s", &server->c2s.tcp);
        announce("component", &server->component.tcp);
        puts("ready");
        fflush(stdout);
        uv_run(&server->loop, UV_RUN_DEFAULT);
    }
    server_close(server);
    return ok ? 0 : EXIT_ENVIRONMENT;
}

static int prepare(struct server *server, const struct options *options)
{
    struct sockaddr_storage c2s, component;
    if (!options_address(options->c2s, &c2s) || !options_address(options->component, &component) ||
        !options_apply(options, &server->directory, &server->accounts))
        return EXIT_USAGE;
    if (options->any_user && !options_is_loopback(&c2s)) {
        fprintf(stderr, "coven-shim: --any-user: needs a loopback address as --c2s, not %s\n",
                options->c2s);
        return EXIT_USAGE;
    }
    char *why = NULL;
    SSL_CTX *tls =
        tls_context_new(server->directory.hosts->name, options->cert, options->key, &why);
    if (!tls) {
        fprintf(stderr, "coven-shim: %s\n", why);
        free(why);
        return EXIT_ENVIRONMENT;
    }
    return serve(server, options, tls, &c2s, &component);
}

int server_run(const struct options *options)
{
    struct server server = {.multi = options->multi};
    directory_open(&server.directory);
    accounts_open(&server.accounts, options->any_user);
    int code = prepare(&server, options);
    accounts_close(&server.accounts);
    directory_close(&server.directory);
    return code;
}
