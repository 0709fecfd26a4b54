#include "stage.h"

#include <stdlib.h>

#include "coven/clock.h"
#include "coven/mem.h"

#define CLOSE_MS 1000

struct stage *stage_new(const struct options *options, const struct script *script,
                        struct buf *traffic)
{
    struct stage *stage = mem_new(sizeof *stage);
    size_t count = (size_t)script->client_count;
    *stage = (struct stage){options, script, mem_new(count * sizeof *stage->clients), (int)count};
    for (size_t i = 0; i < count; i++)
        client_init(&stage->clients[i], &script->clients[i], traffic);
    return stage;
}

void stage_free(struct stage *stage)
{
    for (int i = 0; i < stage->count; i++)
        client_free(&stage->clients[i]);
    free(stage->clients);
    free(stage);
}

int64_t stage_deadline(const struct stage *stage)
{
    return clock_mono_ms() + stage->options->timeout_ms;
}

bool stage_wait(struct stage *stage, int64_t deadline)
{
    int64_t left = deadline - clock_mono_ms();
    if (left < 0)
        return false;
    struct pollfd *pollers = mem_new(((size_t)stage->count + 1) * sizeof *pollers);
    for (int i = 0; i < stage->count; i++) {
        const struct client *client = &stage->clients[i];
        pollers[i] =
            client->transport ? transport_poll(client->transport) : (struct pollfd){.fd = -1};
    }
    int ready = poll(pollers, (nfds_t)stage->count, (int)left);
    for (int i = 0; ready > 0 && i < stage->count; i++)
        if (pollers[i].revents)
            client_move(&stage->clients[i]);
    free(pollers);
    return ready != 0;
}

struct received *stage_next(struct stage *stage, struct client *client,
                            const struct script_step *taker, int64_t deadline)
{
    for (;;) {
        struct received *received = client_next(client, taker);
        if (received || !client_is_open(client))
            return received;
        if (!stage_wait(stage, deadline))
            return client_next(client, taker);
    }
}

bool stage_answer(struct stage *stage, struct client *client, const struct ask *ask,
                  int64_t deadline)
{
    while (!ask->answered && client_is_open(client))
        if (!stage_wait(stage, deadline))
            break;
    return ask->answered;
}

static void say_goodbye(struct client *client)
{
    if (client_is_connected(client) && !client->closed_by_server)
        client_send(client, span_of("</stream:stream>"), false);
}

void stage_close(struct stage *stage, struct client *client)
{
    say_goodbye(client);
    int64_t deadline = clock_mono_ms() + CLOSE_MS;
    while (client_is_connected(client) && stage_wait(stage, deadline))
        ;
    client_cut(client);
}

static bool anyone_connected(const struct stage *stage)
{
    for (int i = 0; i < stage->count; i++)
        if (client_is_connected(&stage->clients[i]))
            return true;
    return false;
}

void stage_close_all(struct stage *stage)
{
    for (int i = 0; i < stage->count; i++)
        say_goodbye(&stage->clients[i]);
    int64_t deadline = clock_mono_ms() + CLOSE_MS;
    while (anyone_connected(stage) && stage_wait(stage, deadline))
        ;
    for (int i = 0; i < stage->count; i++)
        client_cut(&stage->clients[i]);
}
