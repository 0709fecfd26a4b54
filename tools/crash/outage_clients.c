#include "outage_clients.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "tree.h"

bool outage_fail(struct outage_clients *clients, const char *format, ...)
{
    char text[512];
    va_list args;
    if (clients->failure.len)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_add_text(&clients->failure, text);
    return false;
}

/* ---- Receiving ---- */

static void see_leave(struct outage_client *client, const xmlNode *x, uint32_t seat)
{
    struct outage_clients *clients = client->clients;
    bool lost = tree_has_status(x, "333");
    if (seat == client->seat) {
        client->sent_out = client->sent_out || (client->inside && clients->crashed);
        client->inside = false;
    } else if (client->seat == 0 && clients->crashed && lost) {
        clients->left_333++;
    } else if (client->seat == 0 && clients->crashed && !clients->may_leave) {
        outage_fail(clients, "room %u: user %u left without 333", client->room, seat);
    }
}

static void receive_presence(struct outage_client *client, const xmlNode *tree)
{
    uint32_t room, seat;
    struct buf from = BUF_INIT;
    xmlNode *x = tree_child(tree, "x", NS_MUC_USER);
    tree_attr(tree, "from", &from);
    if (sscanf(from.data, "outage%u@" OUTAGE_ROOMS "/n%u", &room, &seat) == 2 && x) {
        if (tree_attr_is(tree, "type", "unavailable"))
            see_leave(client, x, seat);
        else if (tree_has_status(x, "110"))
            client->inside = true;
    }
    buf_free(&from);
}

static void receive_list(struct outage_client *client, const xmlNode *tree)
{
    struct buf nick = BUF_INIT;
    xmlNode *item = tree_child(tree_child(tree, "query", NS_MUC_ADMIN), "item", NULL);
    for (; item; item = tree_next(item)) {
        uint32_t seat;
        tree_attr(item, "nick", &nick);
        if (sscanf(nick.data, "n%u", &seat) == 1 && seat < client->clients->options->seats)
            client->listed[seat] = true;
    }
    buf_free(&nick);
}

static void receive_iq(struct outage_client *client, const struct wire_stanza *stanza)
{
    const char *type = wire_attr(&stanza->root, "type"), *id = wire_attr(&stanza->root, "id");
    const char *from = wire_attr(&stanza->root, "from");
    if (!type || !id)
        return;
    if (strcmp(type, "get") == 0 || strcmp(type, "set") == 0)
        buf_printf(connection_out(&client->connection), "<iq type='result' to='%s' id='%s'/>",
                   from ? from : "", id);
    else if (strcmp(id, "config") == 0)
        client->configured = true;
    else if (strcmp(id, "list") == 0)
        receive_list(client, stanza->tree);
}

/* The digest (FNV-1a) depends on the order of the messages. */
static void receive_message(struct outage_client *client, const xmlNode *tree)
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

static void receive(void *user, const struct wire_stanza *stanza)
{
    struct outage_client *client = user;
    if (strcmp(stanza->root.name, "presence") == 0)
        receive_presence(client, stanza->tree);
    else if (strcmp(stanza->root.name, "message") == 0)
        receive_message(client, stanza->tree);
    else if (strcmp(stanza->root.name, "iq") == 0)
        receive_iq(client, stanza);
}

/* ---- Sending ---- */

void outage_client_enter(struct outage_client *client)
{
    buf_printf(connection_out(&client->connection),
               "<presence to='outage%u@" OUTAGE_ROOMS "/n%u'><x xmlns='" NS_MUC
               "'><history maxstanzas='0'/></x></presence>",
               client->room, client->seat);
}

/* A persistent room survives when all its occupants vanish at once. */
void outage_client_configure(struct outage_client *client)
{
    buf_printf(connection_out(&client->connection),
               "<iq type='set' id='config' to='outage%u@" OUTAGE_ROOMS
               "'><query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG
               "</value></field><field var='muc#roomconfig_persistentroom'><value>1</value>"
               "</field></x></query></iq>",
               client->room);
}

void outage_client_say(struct outage_client *client, uint32_t number)
{
    buf_printf(connection_out(&client->connection),
               "<message type='groupchat' to='outage%u@" OUTAGE_ROOMS "'><body>%u</body></message>",
               client->room, number);
}

static void ask_list(struct outage_client *client)
{
    static const char *const roles[] = {"participant", "moderator"};
    memset(client->listed, 0, client->clients->options->seats * sizeof *client->listed);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        buf_printf(connection_out(&client->connection),
                   "<iq type='get' id='list' to='outage%u@" OUTAGE_ROOMS
                   "'><query xmlns='" NS_MUC_ADMIN "'><item role='%s'/></query></iq>",
                   client->room, roles[i]);
}

bool outage_client_log_in(struct outage_client *client, const char *resource, int64_t ms)
{
    char name[32];
    struct outage_clients *clients = client->clients;
    struct handshake_settings settings = client->remote ? clients->remote : clients->near;
    struct buf why = BUF_INIT;
    int64_t end = clock_mono_ms() + ms;
    int fd = -1;
    settings.resource = resource;
    snprintf(name, sizeof name, "user%u", client->room * clients->options->seats + client->seat);
    do {
        if (fd < 0 && why.len)
            poll(NULL, 0, 100);
        buf_clear(&why);
        fd = handshake_as_client(&settings, name, &why);
    } while (fd < 0 && clock_mono_ms() < end);
    if (fd >= 0)
        connection_take(&client->connection, fd);
    else
        outage_fail(clients, "%s", why.data);
    buf_free(&why);
    return fd >= 0;
}

/* ---- Turns ---- */

bool outage_clients_turn(struct outage_clients *clients)
{
    for (uint32_t i = 0; i < clients->count; i++)
        clients->pollers[i] = connection_poller(&clients->list[i].connection);
    poll(clients->pollers, clients->count, 100);
    for (uint32_t i = 0; i < clients->count; i++) {
        if (clients->pollers[i].revents)
            connection_poll(&clients->list[i].connection, 0, &clients->failure);
    }
    return clients->failure.len == 0;
}

bool outage_clients_turn_for(struct outage_clients *clients, int64_t ms)
{
    for (int64_t end = clock_mono_ms() + ms; clock_mono_ms() < end;) {
        if (!outage_clients_turn(clients))
            return false;
    }
    return true;
}

bool outage_clients_wait(struct outage_clients *clients,
                         bool (*holds)(const struct outage_client *client), int64_t ms,
                         const char *what)
{
    int64_t end = clock_mono_ms() + ms;
    for (;;) {
        const struct outage_client *missing = NULL;
        for (uint32_t i = 0; i < clients->count && !missing; i++) {
            const struct outage_client *client = &clients->list[i];
            missing = client->away || holds(client) ? NULL : client;
        }
        if (!missing)
            return true;
        if (clock_mono_ms() > end)
            return outage_fail(clients, "room %u: user %u %s", missing->room, missing->seat, what);
        if (!outage_clients_turn(clients))
            return false;
    }
}

/* ---- Who is inside ---- */

static bool shows_the_living(const struct outage_clients *clients, struct buf *why)
{
    uint32_t seats = clients->options->seats;
    for (uint32_t i = 0; i < clients->count; i++) {
        const struct outage_client *client = &clients->list[i];
        const struct outage_client *owner = &clients->list[i - client->seat];
        if (owner->listed[client->seat] != client->away)
            continue;
        buf_clear(why);
        buf_printf(why, "room %u: user %u of %u %s", client->room, client->seat, seats,
                   client->away ? "stays away, but is still listed" : "is back, but not listed");
        return false;
    }
    return true;
}

bool outage_clients_wait_for_living(struct outage_clients *clients, int64_t ms)
{
    struct buf why = BUF_INIT;
    int64_t end = clock_mono_ms() + ms;
    bool shown = false, late = false;
    while (!shown && !late && clients->failure.len == 0) {
        late = clock_mono_ms() > end;
        for (uint32_t i = 0; i < clients->count; i += clients->options->seats)
            ask_list(&clients->list[i]);
        outage_clients_turn_for(clients, 1000);
        shown = shows_the_living(clients, &why);
    }
    if (!shown)
        outage_fail(clients, "%s", why.data);
    buf_free(&why);
    return shown;
}

/* ---- Beginning and end ---- */

/* Reads HOST:PORT. The caller frees the host. */
static struct handshake_settings settings_read(const char *address, const char *domain)
{
    const char *colon = strrchr(address, ':');
    return (struct handshake_settings){.host = mem_copy(address, (size_t)(colon - address)),
                                       .port = colon + 1,
                                       .domain = domain,
                                       .password = "password",
                                       .timeout_ms = 30000};
}

void outage_clients_init(struct outage_clients *clients, const struct options *options)
{
    *clients = (struct outage_clients){.options = options,
                                       .dice = {options->seed},
                                       .near = settings_read(options->clients, "localhost"),
                                       .count = options->rooms * options->seats};
    if (options->remote)
        clients->remote = settings_read(options->remote, "remote.localhost");
    clients->list = mem_new(clients->count * sizeof *clients->list);
    clients->pollers = mem_new(clients->count * sizeof *clients->pollers);
    for (uint32_t i = 0; i < clients->count; i++) {
        struct outage_client *client = &clients->list[i];
        *client =
            (struct outage_client){.clients = clients,
                                   .connection = {.fd = -1, .user = client, .stanza = receive},
                                   .room = i / options->seats,
                                   .seat = i % options->seats};
        client->remote = options->remote && client->seat % 2 == 1;
        if (client->seat == 0)
            client->listed = mem_new(options->seats * sizeof *client->listed);
    }
}

void outage_clients_free(struct outage_clients *clients)
{
    for (uint32_t i = 0; i < clients->count; i++) {
        connection_close(&clients->list[i].connection);
        free(clients->list[i].listed);
    }
    free(clients->list);
    free(clients->pollers);
    free((char *)(uintptr_t)clients->near.host);
    free((char *)(uintptr_t)clients->remote.host);
    buf_free(&clients->failure);
}
