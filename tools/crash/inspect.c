#include "inspect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "send.h"

static const char *const roles[] = {"visitor", "participant", "moderator"};

#define ROLE_COUNT (sizeof roles / sizeof *roles)

/* ---- Answers ---- */

/* The number in a text from send.c; 0: the text is empty. */
static uint32_t number_in(const char *text)
{
    text += strcspn(text, "0123456789");
    return (uint32_t)strtoul(text, NULL, 10);
}

static void take_form(struct room_state *found, const xmlNode *iq)
{
    struct buf var = BUF_INIT, value = BUF_INIT;
    xmlNode *x = tree_child(tree_child(iq, "query", NS_MUC_OWNER), "x", NS_DATA);
    uint32_t guarded = 0, password = 0;
    found->exists = true;
    for (xmlNode *field = tree_child(x, "field", NULL); field; field = tree_next(field)) {
        tree_attr(field, "var", &var);
        tree_text(tree_child(field, "value", NULL), &value);
        uint32_t number = number_in(value.data);
        if (strcmp(var.data, "muc#roomconfig_membersonly") == 0)
            found->members_only = number;
        else if (strcmp(var.data, "muc#roomconfig_moderatedroom") == 0)
            found->moderated = number;
        else if (strcmp(var.data, "muc#roomconfig_roomname") == 0)
            found->title = number;
        else if (strcmp(var.data, "muc#roomconfig_passwordprotectedroom") == 0)
            guarded = number;
        else if (strcmp(var.data, "muc#roomconfig_roomsecret") == 0)
            password = number;
    }
    found->password = guarded ? password : 0;
    buf_free(&var);
    buf_free(&value);
}

static void take_disco(struct room_state *public, const xmlNode *iq)
{
    xmlNode *query = tree_child(iq, "query", NS_DISCO_INFO);
    public->exists = true;
    for (xmlNode *at = tree_child(query, "feature", NULL); at; at = tree_next(at)) {
        public->members_only |= tree_attr_is(at, "var", "muc_membersonly");
        public->moderated |= tree_attr_is(at, "var", "muc_moderated");
        public->password |= tree_attr_is(at, "var", "muc_passwordprotected");
    }
}

static void take_affiliation(struct run *run, const struct query *query, struct room_state *found,
                             const xmlNode *item)
{
    struct buf jid = BUF_INIT;
    uint32_t room, seat;
    tree_attr(item, "jid", &jid);
    if (sscanf(jid.data, "r%us%u@", &room, &seat) == 2 && room == query->room &&
        seat < run->model.seats)
        found->affiliation[seat] = query->value;
    else
        run_fail(run, "room %u: the affiliation list contains %s", query->room, jid.data);
    buf_free(&jid);
}

static void take_role(struct run *run, const struct query *query, struct room_state *found,
                      const xmlNode *item)
{
    struct buf jid = BUF_INIT, nick = BUF_INIT;
    uint32_t room, seat, named, number;
    tree_attr(item, "jid", &jid);
    tree_attr(item, "nick", &nick);
    if (sscanf(jid.data, "r%us%u@", &room, &seat) != 2 || room != query->room ||
        seat >= run->model.seats || sscanf(nick.data, "n%ug%u", &named, &number) != 2 ||
        named != seat)
        run_fail(run, "room %u: the role list contains %s as %s", query->room, jid.data, nick.data);
    else if (found->nick[seat])
        run_fail(run, "room %u: user %u is inside twice, as n%ug%u and as %s", query->room, seat,
                 seat, found->nick[seat], nick.data);
    else
        found->nick[seat] = number;
    buf_free(&jid);
    buf_free(&nick);
}

void inspect_answer(struct run *run, struct query *query, const xmlNode *iq, bool error)
{
    struct room_state *found = &run->model.rooms[query->room].found;
    if (error) { /* the room does not exist */
        xmlNode *reason = tree_child(iq, "error", NULL);
        found->gone |= reason && tree_child(reason, "gone", NS_STANZA_ERRORS);
        return;
    }
    if (query->kind == ASK_FORM || query->kind == ASK_DISCO) {
        if (query->kind == ASK_FORM)
            take_form(found, iq);
        else
            take_disco(&run->model.rooms[query->room].public, iq);
        return;
    }
    xmlNode *item = tree_child(tree_child(iq, "query", NS_MUC_ADMIN), "item", NULL);
    for (; item; item = tree_next(item)) {
        if (query->kind == ASK_ROLE)
            take_role(run, query, found, item);
        else
            take_affiliation(run, query, found, item);
    }
}

/* ---- Queries ---- */

static uint32_t slot_of(const struct run *run, const struct query *query)
{
    return (uint32_t)(query - run->queries);
}

static void ask_room(struct run *run, uint32_t number)
{
    struct model_room *room = &run->model.rooms[number];
    struct buf *out = connection_out(&run->link);
    room->found = room_state_none();
    struct query *query = run_ask(run, ASK_FORM, number);
    send_form_query(room, slot_of(run, query), run->round, out);
    room->public = room_state_none();
    query = run_ask(run, ASK_DISCO, number);
    send_disco_query(room, slot_of(run, query), run->round, out);
    for (uint8_t value = 0; value < AFFILIATIONS; value++) {
        if (value == NONE)
            continue;
        query = run_ask(run, ASK_AFFILIATION, number);
        query->value = value;
        send_list_query(room, "affiliation", affiliation_words[value], slot_of(run, query),
                        run->round, out);
    }
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        query = run_ask(run, ASK_ROLE, number);
        send_list_query(room, "role", roles[i], slot_of(run, query), run->round, out);
    }
}

/* Disco shows everybody what the form shows the owner. */
static bool check_public(struct run *run, const struct model_room *room)
{
    const struct room_state *found = &room->found, *public = &room->public;
    if (found->exists == public->exists && found->members_only == public->members_only &&
        found->moderated == public->moderated && !found->password == !public->password)
        return true;
    return run_fail(run, "room %u: disco and the owner's form differ", room->number);
}

bool inspect_rooms(struct run *run)
{
    run_ask_begin(run);
    for (uint32_t i = 0; i < run->model.count; i++)
        ask_room(run, i);
    if (!run_ask_end(run))
        return false;
    for (uint32_t i = 0; i < run->model.count; i++) {
        if (!check_public(run, &run->model.rooms[i]))
            return false;
    }
    return true;
}
