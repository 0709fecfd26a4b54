/*
 * coven-shim in one process: two clients and a component send it bytes in turn, before or after
 * their login. It survives, and its output to logged-in peers is well-formed.
 */
#include <arpa/inet.h>
#include <libxml/parser.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/log.h"
#include "shim/client.h"
#include "shim/component.h"
#include "shim/server.h"
#include "wire/stream.h"

#define SPEAKERS  3 /* two clients; the last one is the component */
#define COMPONENT (SPEAKERS - 1)
#define DOMAIN    "localhost"
#define SERVICE   "conference.localhost"
#define SECRET    "s"

#define OPEN(ns, to)                                                                               \
    "<stream:stream xmlns='" ns "' xmlns:stream='http://etherx.jabber.org/streams' to='" to        \
    "' version='1.0'>"
#define OPEN_CLIENT OPEN("jabber:client", DOMAIN)
#define AUTH(plain)                                                                                \
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" plain "</auth>"
#define BIND                                                                                       \
    "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource>"  \
    "</bind></iq><presence/>"

/* ---- The server ---- */

static void on_connection(uv_stream_t *stream, int status)
{
    struct listener *listener = stream->data;
    if (status == 0)
        listener->accept(listener->server, stream);
}

static void listen_on(struct server *server, struct listener *listener,
                      void (*accept)(struct server *server, uv_stream_t *stream))
{
    struct sockaddr_in here;
    *listener = (struct listener){.server = server, .accept = accept};
    uv_tcp_init(&server->loop, &listener->tcp);
    listener->tcp.data = listener;
    uv_ip4_addr("127.0.0.1", 0, &here);
    coven_assert(uv_tcp_bind(&listener->tcp, (struct sockaddr *)&here, 0) == 0);
    coven_assert(uv_listen((uv_stream_t *)&listener->tcp, SPEAKERS, on_connection) == 0);
}

static void ignore_error(void *user, const char *format, ...)
{
    (void)user, (void)format;
}

/* One server for all runs. */
static struct server *server_shared(void)
{
    static struct server server;
    char *why = NULL;
    if (server.directory.hosts)
        return &server;
    signal(SIGPIPE, SIG_IGN);
    log_open("shim", LOG_ERROR);
    xmlSetGenericErrorFunc(NULL, ignore_error);
    directory_open(&server.directory);
    accounts_open(&server.accounts, true);
    directory_add_host(&server.directory, span_of(DOMAIN));
    directory_add_slot(&server.directory, span_of(SERVICE), SECRET);
    uv_loop_init(&server.loop);
    pool_open(&server.pool, &server.loop, tls_context_new(DOMAIN, NULL, NULL, &why));
    listen_on(&server, &server.c2s, client_accept);
    listen_on(&server, &server.component, component_accept);
    return &server;
}

static void turn(struct server *server)
{
    for (int i = 0; i < 3; i++)
        uv_run(&server->loop, UV_RUN_NOWAIT);
}

/* ---- The speakers ---- */

struct speaker {
    int fd;
    struct wire_stream *reader;
    enum wire_fault fault;
    char id[ID_TEXT_SIZE]; /* of the stream */
};

static void on_opened(void *user, const struct wire_root *header)
{
    struct speaker *speaker = user;
    const char *id = wire_attr(header, "id");
    coven_assert(id && strlen(id) < sizeof speaker->id);
    strcpy(speaker->id, id);
}

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct speaker *speaker = user;
    if (strcmp(stanza->root.name, "success") == 0)
        wire_stream_restart(speaker->reader);
}

static void on_closed(void *user)
{
    (void)user;
}

/* Linger resets the connection at its end: no port stays in TIME_WAIT. */
static bool speaker_open(struct server *server, struct speaker *speaker, bool is_component)
{
    const struct wire_events events = {speaker, on_opened, on_stanza, on_closed};
    const uv_tcp_t *tcp = is_component ? &server->component.tcp : &server->c2s.tcp;
    const struct linger linger = {1, 0};
    struct sockaddr_in there;
    int len = sizeof there;
    uv_tcp_getsockname(tcp, (struct sockaddr *)&there, &len);
    *speaker = (struct speaker){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    speaker->reader = wire_stream_new(&events, &(struct wire_limits){.depth = 100}, false);
    setsockopt(speaker->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    return connect(speaker->fd, (struct sockaddr *)&there, sizeof there) == 0;
}

static void hear(struct speaker *speaker)
{
    static char bytes[64 * 1024];
    ssize_t len;
    while ((len = recv(speaker->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        speaker->fault = wire_stream_feed(speaker->reader, bytes, (size_t)len);
}

static void say(struct server *server, struct speaker *speaker, struct span text)
{
    if (send(speaker->fd, text.at, text.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return; /* closed */
    turn(server);
    hear(speaker);
}

static void shake_hands(struct server *server, struct speaker *speaker)
{
    unsigned char digest[20];
    char hex[2 * sizeof digest + 1];
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s" SECRET, speaker->id);
    coven_assert(EVP_Digest(text.data, text.len, digest, NULL, EVP_sha1(), NULL) == 1);
    id_hex(digest, sizeof digest, hex);
    buf_clear(&text);
    buf_printf(&text, "<handshake>%s</handshake>", hex);
    say(server, speaker, buf_span(&text));
    buf_free(&text);
}

static void log_in(struct server *server, struct speaker *speakers)
{
    static const char *const auths[] = {AUTH("AGEAcA=="), AUTH("AGIAcA==")};
    for (int i = 0; i < COMPONENT; i++) {
        say(server, &speakers[i], span_of(OPEN_CLIENT));
        say(server, &speakers[i], span_of(auths[i]));
        say(server, &speakers[i], span_of(OPEN_CLIENT));
        say(server, &speakers[i], span_of(BIND));
    }
    say(server, &speakers[COMPONENT], span_of(OPEN("jabber:component:accept", SERVICE)));
    shake_hands(server, &speakers[COMPONENT]);
}

static void close_all(struct server *server, struct speaker *speakers)
{
    for (int i = 0; i < SPEAKERS; i++) {
        close(speakers[i].fd);
        wire_stream_free(speakers[i].reader);
    }
    for (int i = 0; i < 1000 && server->pool.count > 0; i++)
        turn(server);
    coven_assert(server->pool.count == 0 && server->pool.waiting == 0);
    coven_assert(!server->directory.clients && !server->directory.users);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct server *server = server_shared();
    struct speaker speakers[SPEAKERS];
    const uint8_t *at = bytes, *end = bytes + len;
    bool is_in = at < end && *at++ % 4;
    for (int i = 0; i < SPEAKERS; i++) {
        if (!speaker_open(server, &speakers[i], i == COMPONENT))
            end = at, is_in = false; /* no port is free */
    }
    turn(server);
    if (is_in)
        log_in(server, speakers);
    while (end - at > 2) {
        struct speaker *speaker = &speakers[*at++ % SPEAKERS];
        size_t size = *at++ + 1u, left = (size_t)(end - at);
        size = size < left ? size : left;
        say(server, speaker, (struct span){(const char *)at, size});
        at += size;
    }
    for (int i = 0; i < SPEAKERS; i++) {
        hear(&speakers[i]);
        coven_assert(!is_in || speakers[i].fault == WIRE_OK);
    }
    close_all(server, speakers);
    return 0;
}
