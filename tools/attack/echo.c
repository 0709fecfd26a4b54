#include "echo.h"

#include <string.h>

#include "group.h"
#include "wire/handshake.h"
#include "wire/ledger.h"

#define CONNECT_MS 30000

static void on_copy(void *user, uint32_t number, bool self)
{
    struct echo *echo = user;
    const struct options *options = echo->options;
    char mark[MARK_LEN + 1] = "";
    (void)self;
    mark_write(mark, number);
    buf_printf(net_answer(&echo->net),
               "<message type='chat' from='echo@%s' to='%s%u@%s/" GROUP_RESOURCE
               "' id='%s'><body>%s</body></message>",
               options->echo, options->accounts, echo_speaker(number), options->domain, mark, mark);
}

static void on_refused(void *user, uint32_t number, struct span error)
{
    (void)user;
    (void)number;
    (void)error;
}

static void on_other(void *user, struct span tag)
{
    (void)user;
    (void)tag;
}

static void *send_back(void *user)
{
    struct echo *echo = user;
    while (!atomic_load(&echo->over) && !echo->net.ended)
        net_poll(&echo->net, 20);
    return NULL;
}

bool echo_begin(struct echo *echo, const struct options *options, struct buf *why)
{
    struct scan_events events = {echo, on_copy, on_refused, on_other, on_other, NULL};
    struct handshake_settings settings = {.host = options->echo_host,
                                          .port = options->echo_port,
                                          .domain = options->echo,
                                          .secret = options->secret,
                                          .timeout_ms = CONNECT_MS};
    *echo = (struct echo){.options = options};
    int fd = handshake_as_component(&settings, why);
    if (fd < 0)
        return false;
    net_init(&echo->net, &events);
    net_add(&echo->net, fd);
    echo->running = pthread_create(&echo->thread, NULL, send_back, echo) == 0;
    return echo->running;
}

void echo_end(struct echo *echo)
{
    if (echo->running) {
        atomic_store(&echo->over, true);
        pthread_join(echo->thread, NULL);
        echo->running = false;
    }
    if (echo->net.in)
        net_free(&echo->net);
    echo->net.in = NULL;
}
