#include "sweep.h"

#include <stdlib.h>

#include "coven/form.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "element.h"
#include "login.h"

struct sweep_room {
    char *jid;
    bool settled; /* destroyed, or beyond reach: no other account tries */
    struct ask change, ask;
};

static bool is_account_domain(const struct stage *stage, const char *domain)
{
    for (int i = 0; i < stage->count; i++)
        if (strcasecmp(client_domain(&stage->clients[i]), domain) == 0)
            return true;
    return false;
}

static bool is_known(const struct sweep *sweep, const char *jid)
{
    for (int i = 0; i < sweep->count; i++)
        if (strcmp(sweep->rooms[i].jid, jid) == 0)
            return true;
    return false;
}

void sweep_note(struct sweep *sweep, const struct stage *stage, const xmlNode *element)
{
    const char *to = element_attr(element, "to");
    if (!to || !element_is(element, "presence", NS_CLIENT))
        return;
    char *jid = mem_copy(to, strcspn(to, "/"));
    const char *at = strchr(jid, '@');
    if (!at || is_account_domain(stage, at + 1) || is_known(sweep, jid)) {
        free(jid);
        return;
    }
    size_t count = (size_t)sweep->count++;
    sweep->rooms = mem_resize(sweep->rooms, (count + 1) * sizeof *sweep->rooms);
    sweep->rooms[count] = (struct sweep_room){.jid = jid};
}

void sweep_free(struct sweep *sweep)
{
    for (int i = 0; i < sweep->count; i++)
        free(sweep->rooms[i].jid);
    free(sweep->rooms);
}

/* A service may keep the name of a persistent room for its owner, so the room becomes temporary
 * before it is destroyed. */
static void write_temporary(struct xml *xml)
{
    xml_open(xml, "query", NS_MUC_OWNER);
    form_write_open(xml, "submit", NS_MUC_ROOMCONFIG);
    form_write_field(xml, "muc#roomconfig_persistentroom", NULL, NULL, span_of("0"));
    xml_close(xml);
    xml_close(xml);
}

static void write_destroy(struct xml *xml)
{
    xml_open(xml, "query", NS_MUC_OWNER);
    xml_element(xml, "destroy", NS_MUC_OWNER, span_of(""));
    xml_close(xml);
}

/* True for a result, and for an error that says that the room does not exist. */
static bool tells_gone(const struct ask *ask)
{
    static const char *const conditions[] = {"", "item-not-found", "gone", "jid-malformed"};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (strcmp(ask->condition, conditions[i]) == 0)
            return true;
    return false;
}

static bool all_settled(const struct sweep *sweep)
{
    for (int i = 0; i < sweep->count; i++)
        if (!sweep->rooms[i].settled)
            return false;
    return true;
}

/* One client tries all remaining rooms: it sends all requests, then waits for the answers to the
 * last request of each room. */
static void destroy_as(struct sweep *sweep, struct stage *stage, struct client *client)
{
    int64_t deadline = stage_deadline(stage);
    for (int i = 0; i < sweep->count; i++) {
        struct sweep_room *room = &sweep->rooms[i];
        if (room->settled)
            continue;
        client_ask(client, &room->change, "set", room->jid, write_temporary);
        client_ask(client, &room->ask, "set", room->jid, write_destroy);
    }
    for (int i = 0; i < sweep->count; i++) {
        struct sweep_room *room = &sweep->rooms[i];
        if (room->settled)
            continue;
        stage_answer(stage, client, &room->ask, deadline);
        client_unask(client, &room->change);
        client_unask(client, &room->ask);
        /* A service that does not answer one account does not answer another. */
        room->settled = room->ask.answered ? tells_gone(&room->ask) : client_is_open(client);
    }
}

/* True if an earlier client has the same account. */
static bool is_second_of_account(const struct stage *stage, int index)
{
    for (int i = 0; i < index; i++)
        if (strcmp(stage->clients[i].who->jid, stage->clients[index].who->jid) == 0)
            return true;
    return false;
}

static bool account_is_connected(const struct stage *stage, const char *jid)
{
    for (int i = 0; i < stage->count; i++)
        if (client_is_open(&stage->clients[i]) && strcmp(stage->clients[i].who->jid, jid) == 0)
            return true;
    return false;
}

static void destroy_by_connected(struct sweep *sweep, struct stage *stage)
{
    for (int i = 0; i < stage->count && !all_settled(sweep); i++)
        if (client_is_open(&stage->clients[i]))
            destroy_as(sweep, stage, &stage->clients[i]);
}

static void destroy_by_absent(struct sweep *sweep, struct stage *stage)
{
    struct buf error = BUF_INIT; /* a script may name accounts that do not exist */
    for (int i = 0; i < stage->count && !all_settled(sweep); i++) {
        struct client *client = &stage->clients[i];
        if (is_second_of_account(stage, i) || account_is_connected(stage, client->who->jid))
            continue;
        if (login_run(stage, client, &error))
            destroy_as(sweep, stage, client);
    }
    buf_free(&error);
}

void sweep_run(struct sweep *sweep, struct stage *stage)
{
    destroy_by_connected(sweep, stage);
    destroy_by_absent(sweep, stage);
    stage_close_all(stage);
}
