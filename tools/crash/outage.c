#include "outage.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "dice.h"
#include "line.h"
#include "tree.h"

#define ROOM_DOMAIN "conference.localhost"
#define ENTER_MS    240000 /* presence of everybody to everybody, through a server */
#define BACK_MS     60000
#define LIVING_MS   60000
#define QUIET_MS    5000

struct outage;

struct client {
    struct outage *outage;
    struct line line;
    uint32_t room, seat;
    bool inside, configured, away;
    bool sent_out; /* although it was inside */
    bool *listed;  /* of an owner: the seats that its room lists */
};

struct outage {
    const struct options *options;
    struct talk_settings talk;
    struct client *clients;
    struct pollfd *pollers;
    uint32_t count;
    struct dice dice;
    bool crashed;
    uint32_t left_333; /* as the owners saw them leave */
    struct buf fault;
};

static bool fail(struct outage *outage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct outage *outage, const char *format, ...)
{
    char text[512];
    va_list args;
    if (outage->fault.len)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_add_text(&outage->fault, text);
    return false;
}

/* ---- What comes ---- */

static void see_leave(struct client *client, const xmlNode *x, uint32_t seat)
{
    struct outage *outage = client->outage;
    bool lost = tree_has_status(x, "333");
    if (seat == client->seat) {
        client->sent_out = client->sent_out || (client->inside && outage->crashed);
        client->inside = false;
    } else if (client->seat == 0 && outage->crashed && lost) {
        outage->left_333++;
    } else if (client->seat == 0 && outage->crashed) {
        fail(outage, "room %u: user %u left without 333", client->room, seat);
    }
}

static void hear_presence(struct client *client, const xmlNode *tree)
{
    uint32_t room, seat;
    struct buf from = BUF_INIT;
    xmlNode *x = tree_child(tree, "x", NS_MUC_USER);
    tree_attr(tree, "from", &from);
    if (sscanf(from.data, "outage%u@" ROOM_DOMAIN "/n%u", &room, &seat) == 2 && x) {
        if (tree_attr_is(tree, "type", "unavailable"))
            see_leave(client, x, seat);
        else if (tree_has_status(x, "110"))
            client->inside = true;
    }
    buf_free(&from);
}

static void hear_list(struct client *client, const xmlNode *tree)
{
    struct buf nick = BUF_INIT;
    xmlNode *item = tree_child(tree_child(tree, "query", NS_MUC_ADMIN), "item", NULL);
    for (; item; item = tree_next(item)) {
        uint32_t seat;
        tree_attr(item, "nick", &nick);
        if (sscanf(nick.data, "n%u", &seat) == 1 && seat < client->outage->options->seats)
            client->listed[seat] = true;
    }
    buf_free(&nick);
}

static void hear_iq(struct client *client, const struct wire_stanza *stanza)
{
    const char *type = wire_attr(&stanza->root, "type"), *id = wire_attr(&stanza->root, "id");
    const char *from = wire_attr(&stanza->root, "from");
    if (!type || !id)
        return;
    if (strcmp(type, "get") == 0 || strcmp(type, "set") == 0)
        buf_printf(line_out(&client->line), "<iq type='result' to='%s' id='%s'/>", from ? from : "",
                   id);
    else if (strcmp(id, "config") == 0)
        client->configured = true;
    else if (strcmp(id, "list") == 0)
        hear_list(client, stanza->tree);
}

static void hear(void *user, const struct wire_stanza *stanza)
{
    struct client *client = user;
    if (strcmp(stanza->root.name, "presence") == 0)
        hear_presence(client, stanza->tree);
    else if (strcmp(stanza->root.name, "iq") == 0)
        hear_iq(client, stanza);
}

/* ---- What is sent ---- */

static void enter(struct client *client)
{
    buf_printf(line_out(&client->line),
               "<presence to='outage%u@" ROOM_DOMAIN "/n%u'><x xmlns='" NS_MUC "'/></presence>",
               client->room, client->seat);
}

static void configure(struct client *client)
{
    buf_printf(line_out(&client->line),
               "<iq type='set' id='config' to='outage%u@" ROOM_DOMAIN
               "'><query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA
               "' type='submit'/></query></iq>",
               client->room);
}

static void ask_list(struct client *client)
{
    static const char *const roles[] = {"participant", "moderator"};
    memset(client->listed, 0, client->outage->options->seats * sizeof *client->listed);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        buf_printf(line_out(&client->line),
                   "<iq type='get' id='list' to='outage%u@" ROOM_DOMAIN
                   "'><query xmlns='" NS_MUC_ADMIN "'><item role='%s'/></query></iq>",
                   client->room, roles[i]);
}

/* ---- Turns ---- */

/* False when a promise is broken. */
static bool turn(struct outage *outage)
{
    for (uint32_t i = 0; i < outage->count; i++) {
        struct line *line = &outage->clients[i].line;
        short wanted = (short)(POLLIN | (line->out.len ? POLLOUT : 0));
        outage->pollers[i] = (struct pollfd){.fd = line->fd, .events = wanted};
    }
    poll(outage->pollers, outage->count, 100);
    for (uint32_t i = 0; i < outage->count; i++) {
        if (outage->pollers[i].revents)
            line_poll(&outage->clients[i].line, 0, &outage->fault);
    }
    return outage->fault.len == 0;
}

static bool turn_for(struct outage *outage, int64_t ms)
{
    for (int64_t end = clock_mono_ms() + ms; clock_mono_ms() < end;) {
        if (!turn(outage))
            return false;
    }
    return true;
}

typedef bool client_test(const struct client *client);

/* Until it holds for all who are not away. */
static bool wait_for(struct outage *outage, client_test *holds, int64_t ms, const char *what)
{
    int64_t end = clock_mono_ms() + ms;
    for (;;) {
        const struct client *missing = NULL;
        for (uint32_t i = 0; i < outage->count && !missing; i++) {
            const struct client *client = &outage->clients[i];
            missing = client->away || holds(client) ? NULL : client;
        }
        if (!missing)
            return true;
        if (clock_mono_ms() > end)
            return fail(outage, "room %u: user %u %s", missing->room, missing->seat, what);
        if (!turn(outage))
            return false;
    }
}

static bool is_inside(const struct client *client)
{
    return client->inside;
}

static bool is_ready(const struct client *client)
{
    return client->seat != 0 || (client->inside && client->configured);
}

static bool is_gone(const struct client *client)
{
    return client->line.fd < 0;
}

/* ---- The course of it ---- */

static bool log_in(struct outage *outage, struct client *client, int64_t ms)
{
    char name[32];
    struct buf why = BUF_INIT;
    int64_t end = clock_mono_ms() + ms;
    int fd = -1;
    snprintf(name, sizeof name, "user%u", client->room * outage->options->seats + client->seat);
    do {
        if (fd < 0 && why.len)
            poll(NULL, 0, 100);
        buf_clear(&why);
        fd = talk_as_client(&outage->talk, name, &why);
    } while (fd < 0 && clock_mono_ms() < end);
    if (fd >= 0)
        line_take(&client->line, fd);
    else
        fail(outage, "%s", why.data);
    buf_free(&why);
    return fd >= 0;
}

static bool fill_rooms(struct outage *outage)
{
    for (uint32_t i = 0; i < outage->count; i++) {
        struct client *client = &outage->clients[i];
        if (!log_in(outage, client, 0))
            return false;
        if (client->seat == 0) {
            enter(client);
            configure(client);
        }
    }
    if (!wait_for(outage, is_ready, BACK_MS, "does not get its room"))
        return false;
    for (uint32_t i = 0; i < outage->count; i++) {
        if (outage->clients[i].seat != 0)
            enter(&outage->clients[i]);
    }
    return wait_for(outage, is_inside, ENTER_MS, "does not get into its room");
}

static bool let_it_crash(struct outage *outage)
{
    outage->crashed = true;
    if (system(outage->options->outage) != 0)
        return fail(outage, "the command failed: %s", outage->options->outage);
    if (!wait_for(outage, is_gone, BACK_MS, "is still connected: the server did not crash"))
        return false;
    for (uint32_t i = 0; i < outage->count; i++) {
        struct client *client = &outage->clients[i];
        client->inside = false;
        client->away = client->seat != 0 && dice_once_in(&outage->dice, 2);
    }
    return true;
}

/* Until each is in: as long as covend is not attached again the server refuses for it. */
static bool come_back(struct outage *outage)
{
    for (uint32_t i = 0; i < outage->count; i++) {
        struct client *client = &outage->clients[i];
        if (!client->away && !log_in(outage, client, BACK_MS))
            return false;
    }
    int64_t end = clock_mono_ms() + BACK_MS;
    for (bool all = false; !all;) {
        all = true;
        for (uint32_t i = 0; i < outage->count; i++) {
            struct client *client = &outage->clients[i];
            bool wants = !client->away && !client->inside && !client->sent_out;
            if (wants)
                enter(client);
            all = all && !wants;
        }
        if (!all && clock_mono_ms() > end)
            return fail(outage, "not everybody got back into the rooms");
        if (!turn_for(outage, 1000))
            return false;
    }
    return true;
}

static bool shows_the_living(const struct outage *outage, struct buf *why)
{
    uint32_t seats = outage->options->seats;
    for (uint32_t i = 0; i < outage->count; i++) {
        const struct client *client = &outage->clients[i];
        const struct client *owner = &outage->clients[i - client->seat];
        if (owner->listed[client->seat] != client->away)
            continue;
        buf_clear(why);
        buf_printf(why, "room %u: user %u of %u %s", client->room, client->seat, seats,
                   client->away ? "stays away and is still listed" : "is back and not listed");
        return false;
    }
    return true;
}

static bool wait_for_the_living(struct outage *outage, int64_t ms)
{
    struct buf why = BUF_INIT;
    int64_t end = clock_mono_ms() + ms;
    bool shown = false, late = false;
    while (!shown && !late && outage->fault.len == 0) {
        late = clock_mono_ms() > end;
        for (uint32_t i = 0; i < outage->count; i += outage->options->seats)
            ask_list(&outage->clients[i]);
        turn_for(outage, 1000);
        shown = shows_the_living(outage, &why);
    }
    if (!shown)
        fail(outage, "%s", why.data);
    buf_free(&why);
    return shown;
}

static bool nobody_was_sent_out(struct outage *outage)
{
    for (uint32_t i = 0; i < outage->count; i++) {
        if (outage->clients[i].sent_out)
            return fail(outage, "room %u: user %u came back and was sent out",
                        outage->clients[i].room, outage->clients[i].seat);
    }
    return true;
}

static bool go(struct outage *outage)
{
    if (!fill_rooms(outage))
        return false;
    printf("coven-crash: %u clients are in %u rooms\n", outage->count, outage->options->rooms);
    fflush(stdout);
    if (!let_it_crash(outage))
        return false;
    int64_t began = clock_mono_ms();
    if (!come_back(outage) || !wait_for_the_living(outage, LIVING_MS))
        return false;
    int64_t took_ms = clock_mono_ms() - began;
    bool ok =
        turn_for(outage, QUIET_MS) && wait_for_the_living(outage, 0) && nobody_was_sent_out(outage);
    uint32_t away = 0;
    for (uint32_t i = 0; i < outage->count; i++)
        away += outage->clients[i].away;
    if (ok)
        printf(
            "coven-crash: %lld ms after the crash the rooms show the %u who came back; %u stayed "
            "away, %u were seen leaving with 333\n",
            (long long)took_ms, outage->count - away, away, outage->left_333);
    return ok;
}

int outage_run(const struct options *options)
{
    const char *colon = strrchr(options->clients, ':');
    char *host = mem_copy(options->clients, (size_t)(colon - options->clients));
    struct outage outage = {.options = options,
                            .dice = {options->seed},
                            .count = options->rooms * options->seats,
                            .talk = {.host = host,
                                     .port = colon + 1,
                                     .domain = "localhost",
                                     .password = "password",
                                     .resource = "crash",
                                     .timeout_ms = 30000}};
    outage.clients = mem_new(outage.count * sizeof *outage.clients);
    outage.pollers = mem_new(outage.count * sizeof *outage.pollers);
    signal(SIGPIPE, SIG_IGN);
    for (uint32_t i = 0; i < outage.count; i++) {
        struct client *client = &outage.clients[i];
        *client = (struct client){.outage = &outage,
                                  .line = {.fd = -1, .user = client, .stanza = hear},
                                  .room = i / options->seats,
                                  .seat = i % options->seats};
        if (client->seat == 0)
            client->listed = mem_new(options->seats * sizeof *client->listed);
    }
    bool ok = go(&outage);
    if (!ok)
        fprintf(stderr, "coven-crash: seed %llu: %s\n", (unsigned long long)options->seed,
                outage.fault.data);
    for (uint32_t i = 0; i < outage.count; i++) {
        line_close(&outage.clients[i].line);
        free(outage.clients[i].listed);
    }
    free(outage.clients);
    free(outage.pollers);
    buf_free(&outage.fault);
    free(host);
    return !ok;
}
