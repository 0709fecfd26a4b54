#include "crowd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "tree.h"

bool crowd_fail(struct crowd *crowd, const char *format, ...)
{
    char text[512];
    va_list args;
    if (crowd->fault.len)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_add_text(&crowd->fault, text);
    return false;
}

/* ---- What comes ---- */

static void see_leave(struct client *client, const xmlNode *x, uint32_t seat)
{
    struct crowd *crowd = client->crowd;
    bool lost = tree_has_status(x, "333");
    if (seat == client->seat) {
        client->sent_out = client->sent_out || (client->inside && crowd->crashed);
        client->inside = false;
    } else if (client->seat == 0 && crowd->crashed && lost) {
        crowd->left_333++;
    } else if (client->seat == 0 && crowd->crashed && !crowd->may_leave) {
        crowd_fail(crowd, "room %u: user %u left without 333", client->room, seat);
    }
}

static void hear_presence(struct client *client, const xmlNode *tree)
{
    uint32_t room, seat;
    struct buf from = BUF_INIT;
    xmlNode *x = tree_child(tree, "x", NS_MUC_USER);
    tree_attr(tree, "from", &from);
    if (sscanf(from.data, "outage%u@" CROWD_ROOMS "/n%u", &room, &seat) == 2 && x) {
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
        if (sscanf(nick.data, "n%u", &seat) == 1 && seat < client->crowd->options->seats)
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

/* The digest of what everybody hears in the same order is the same (FNV-1a). */
static void hear_message(struct client *client, const xmlNode *tree)
{
    struct buf body = BUF_INIT;
    const xmlNode *element = tree_child(tree, "body", NULL);
    if (element && tree_attr_is(tree, "type", "groupchat")) {
        tree_text(element, &body);
        client->heard++;
        for (size_t i = 0; i < body.len; i++)
            client->heard_is = (client->heard_is ^ (unsigned char)body.data[i]) * 0x100000001b3;
    }
    buf_free(&body);
}

static void hear(void *user, const struct wire_stanza *stanza)
{
    struct client *client = user;
    if (strcmp(stanza->root.name, "presence") == 0)
        hear_presence(client, stanza->tree);
    else if (strcmp(stanza->root.name, "message") == 0)
        hear_message(client, stanza->tree);
    else if (strcmp(stanza->root.name, "iq") == 0)
        hear_iq(client, stanza);
}

/* ---- What is sent ---- */

void client_enter(struct client *client)
{
    buf_printf(line_out(&client->line),
               "<presence to='outage%u@" CROWD_ROOMS "/n%u'><x xmlns='" NS_MUC
               "'><history maxstanzas='0'/></x></presence>",
               client->room, client->seat);
}

/* The room has to outlive that all of them die at once. */
void client_configure(struct client *client)
{
    buf_printf(line_out(&client->line),
               "<iq type='set' id='config' to='outage%u@" CROWD_ROOMS
               "'><query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG
               "</value></field><field var='muc#roomconfig_persistentroom'><value>1</value>"
               "</field></x></query></iq>",
               client->room);
}

void client_say(struct client *client, uint32_t number)
{
    buf_printf(line_out(&client->line),
               "<message type='groupchat' to='outage%u@" CROWD_ROOMS "'><body>%u</body></message>",
               client->room, number);
}

static void ask_list(struct client *client)
{
    static const char *const roles[] = {"participant", "moderator"};
    memset(client->listed, 0, client->crowd->options->seats * sizeof *client->listed);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        buf_printf(line_out(&client->line),
                   "<iq type='get' id='list' to='outage%u@" CROWD_ROOMS
                   "'><query xmlns='" NS_MUC_ADMIN "'><item role='%s'/></query></iq>",
                   client->room, roles[i]);
}

bool client_log_in(struct client *client, const char *resource, int64_t ms)
{
    char name[32];
    struct crowd *crowd = client->crowd;
    struct talk_settings talk = client->remote ? crowd->remote : crowd->near;
    struct buf why = BUF_INIT;
    int64_t end = clock_mono_ms() + ms;
    int fd = -1;
    talk.resource = resource;
    snprintf(name, sizeof name, "user%u", client->room * crowd->options->seats + client->seat);
    do {
        if (fd < 0 && why.len)
            poll(NULL, 0, 100);
        buf_clear(&why);
        fd = talk_as_client(&talk, name, &why);
    } while (fd < 0 && clock_mono_ms() < end);
    if (fd >= 0)
        line_take(&client->line, fd);
    else
        crowd_fail(crowd, "%s", why.data);
    buf_free(&why);
    return fd >= 0;
}

/* ---- Turns ---- */

bool crowd_turn(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++) {
        struct line *line = &crowd->clients[i].line;
        short wanted = (short)(POLLIN | (line->out.len ? POLLOUT : 0));
        crowd->pollers[i] = (struct pollfd){.fd = line->fd, .events = wanted};
    }
    poll(crowd->pollers, crowd->count, 100);
    for (uint32_t i = 0; i < crowd->count; i++) {
        if (crowd->pollers[i].revents)
            line_poll(&crowd->clients[i].line, 0, &crowd->fault);
    }
    return crowd->fault.len == 0;
}

bool crowd_turn_for(struct crowd *crowd, int64_t ms)
{
    for (int64_t end = clock_mono_ms() + ms; clock_mono_ms() < end;) {
        if (!crowd_turn(crowd))
            return false;
    }
    return true;
}

bool crowd_wait(struct crowd *crowd, bool (*holds)(const struct client *client), int64_t ms,
                const char *what)
{
    int64_t end = clock_mono_ms() + ms;
    for (;;) {
        const struct client *missing = NULL;
        for (uint32_t i = 0; i < crowd->count && !missing; i++) {
            const struct client *client = &crowd->clients[i];
            missing = client->away || holds(client) ? NULL : client;
        }
        if (!missing)
            return true;
        if (clock_mono_ms() > end)
            return crowd_fail(crowd, "room %u: user %u %s", missing->room, missing->seat, what);
        if (!crowd_turn(crowd))
            return false;
    }
}

/* ---- Who is inside ---- */

static bool shows_the_living(const struct crowd *crowd, struct buf *why)
{
    uint32_t seats = crowd->options->seats;
    for (uint32_t i = 0; i < crowd->count; i++) {
        const struct client *client = &crowd->clients[i];
        const struct client *owner = &crowd->clients[i - client->seat];
        if (owner->listed[client->seat] != client->away)
            continue;
        buf_clear(why);
        buf_printf(why, "room %u: user %u of %u %s", client->room, client->seat, seats,
                   client->away ? "stays away and is still listed" : "is back and not listed");
        return false;
    }
    return true;
}

bool crowd_wait_for_the_living(struct crowd *crowd, int64_t ms)
{
    struct buf why = BUF_INIT;
    int64_t end = clock_mono_ms() + ms;
    bool shown = false, late = false;
    while (!shown && !late && crowd->fault.len == 0) {
        late = clock_mono_ms() > end;
        for (uint32_t i = 0; i < crowd->count; i += crowd->options->seats)
            ask_list(&crowd->clients[i]);
        crowd_turn_for(crowd, 1000);
        shown = shows_the_living(crowd, &why);
    }
    if (!shown)
        crowd_fail(crowd, "%s", why.data);
    buf_free(&why);
    return shown;
}

/* ---- Life ---- */

/* HOST:PORT of where clients log in. */
static struct talk_settings settings_read(const char *address, const char *domain)
{
    const char *colon = strrchr(address, ':');
    return (struct talk_settings){.host = mem_copy(address, (size_t)(colon - address)),
                                  .port = colon + 1,
                                  .domain = domain,
                                  .password = "password",
                                  .timeout_ms = 30000};
}

void crowd_init(struct crowd *crowd, const struct options *options)
{
    *crowd = (struct crowd){.options = options,
                            .dice = {options->seed},
                            .near = settings_read(options->clients, "localhost"),
                            .count = options->rooms * options->seats};
    if (options->remote)
        crowd->remote = settings_read(options->remote, "remote.localhost");
    crowd->clients = mem_new(crowd->count * sizeof *crowd->clients);
    crowd->pollers = mem_new(crowd->count * sizeof *crowd->pollers);
    for (uint32_t i = 0; i < crowd->count; i++) {
        struct client *client = &crowd->clients[i];
        *client = (struct client){.crowd = crowd,
                                  .line = {.fd = -1, .user = client, .stanza = hear},
                                  .room = i / options->seats,
                                  .seat = i % options->seats};
        client->remote = options->remote && client->seat % 2 == 1;
        if (client->seat == 0)
            client->listed = mem_new(options->seats * sizeof *client->listed);
    }
}

void crowd_free(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++) {
        line_close(&crowd->clients[i].line);
        free(crowd->clients[i].listed);
    }
    free(crowd->clients);
    free(crowd->pollers);
    free((char *)(uintptr_t)crowd->near.host);
    free((char *)(uintptr_t)crowd->remote.host);
    buf_free(&crowd->fault);
}
