#include "receive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "coven/ns.h"
#include "inspect.h"
#include "send.h"
#include "tree.h"

/* A received stanza, and the seat that it is for. */
struct incoming {
    struct run *run;
    const xmlNode *tree;
    const struct wire_root *root;
    const char *from, *to, *type, *id; /* "": absent */
    struct model_room *room;           /* NULL: not from a room to one of its seats */
    uint32_t seat;
};

/* ---- Addresses ---- */

static void find_room(struct incoming *incoming)
{
    uint32_t from, to, seat;
    if (sscanf(incoming->from, "room%u@" CRASH_SERVICE, &from) != 1 ||
        sscanf(incoming->to, "r%us%u@", &to, &seat) != 2)
        return;
    if (from != to || from >= incoming->run->model.count || seat >= incoming->run->model.seats)
        return;
    incoming->room = &incoming->run->model.rooms[from];
    incoming->seat = seat;
}

/* Reads the seat and the number of the nick. False: nobody has such a nick. */
static bool read_nick(const struct incoming *incoming, uint32_t *seat_r, uint32_t *nick_r)
{
    const char *slash = strchr(incoming->from, '/');
    return slash && sscanf(slash, "/n%ug%u", seat_r, nick_r) == 2 &&
           *seat_r < incoming->run->model.seats;
}

static bool is_dead(const struct incoming *incoming)
{
    uint32_t room, seat;
    const struct model *model = &incoming->run->model;
    return sscanf(incoming->to, "r%us%u@", &room, &seat) == 2 && room < model->count &&
           seat < model->seats && model->rooms[room].seats[seat].dead;
}

/* ---- Refusals: nothing that the users send may be refused ---- */

static void refused(const struct incoming *incoming)
{
    const struct model_room *room = incoming->room;
    xmlNode *error = tree_child(incoming->tree, "error", NULL);
    xmlNode *condition = error ? error->children : NULL;
    run_fail(incoming->run, "room %u refuses a %s of user %u with %s, while %s is under way",
             room->number, incoming->root->name, incoming->seat,
             condition ? (const char *)condition->name : "an error",
             model_change_words[room->change.kind]);
}

/* ---- Messages ---- */

static void see(struct incoming *incoming, const char *id, uint32_t number)
{
    struct seat *seat = &incoming->room->seats[incoming->seat];
    struct said *said = said_add(&seat->seen);
    *said = (struct said){.number = number, .stay = seat->stay};
    snprintf(said->id, sizeof said->id, "%s", id);
    if (number > seat->last)
        seat->last = number;
    incoming->run->copies++;
}

static void receive_message(struct incoming *incoming)
{
    struct buf text = BUF_INIT, id = BUF_INIT;
    xmlNode *body = tree_child(incoming->tree, "body", NULL);
    xmlNode *result = tree_child(incoming->tree, "result", NS_MAM);
    if (result) {
        archive_take(incoming->run, incoming->room, result);
    } else if (strcmp(incoming->type, "error") == 0) {
        refused(incoming);
    } else if (body && strcmp(incoming->type, "groupchat") == 0) {
        tree_text(body, &text);
        tree_attr(tree_child(incoming->tree, "stanza-id", NS_SID), "id", &id);
        if (id.len != MESSAGE_ID_LEN)
            run_fail(incoming->run, "room %u: message %s has no valid stanza-id",
                     incoming->room->number, text.data);
        else
            see(incoming, id.data, (uint32_t)strtoul(text.data, NULL, 10));
    }
    buf_free(&text);
    buf_free(&id);
}

/* ---- Presence ---- */

/* `fresh`: it belongs to the present stay. covend repeats older presence that may have been lost.
 */
static void set_view(struct incoming *incoming, uint32_t other, uint32_t nick, bool fresh)
{
    uint32_t *view = &incoming->room->seats[incoming->seat].view[other];
    if (*view == nick)
        return;
    *view = nick;
    if (fresh && !incoming->room->seats[other]
                      .dead) /* the leave of a dead session is not the change under way */
        incoming->room->change.seen = true;
}

/* Is it right that this seat leaves? */
static bool may_leave(const struct model_room *room, uint32_t seat)
{
    return room->seats[seat].dead || !room->state.nick[seat] ||
           (room->change.kind != CHANGE_NONE && !room->change.after.nick[seat]);
}

static void receive_unavailable(struct incoming *incoming, const xmlNode *x, uint32_t other,
                                uint32_t nick)
{
    struct model_room *room = incoming->room;
    bool renamed = tree_has_status(x, "303"), lost = tree_has_status(x, "333");
    bool own = other == incoming->seat && !renamed;
    bool now = nick == room->state.nick[other];
    if (excused_is_removal(x))
        excused_remove_sender(&incoming->run->excused, other, room->number);
    if (!may_leave(room, other) && now && (own || lost))
        run_fail(incoming->run,
                 "room %u: user %u, whose session is alive, was removed%s (as user %u sees it)",
                 room->number, other, lost ? " with 333" : "", incoming->seat);
    if (room->seats[other].dead && now && !lost)
        run_fail(incoming->run,
                 "room %u: user %u, whose session is dead, left without 333 (as user %u sees it)",
                 room->number, other, incoming->seat);
    for (uint32_t i = 0; own && i < incoming->run->model.seats; i++)
        set_view(incoming, i, 0, now);
    if (room->seats[incoming->seat].view[other] == nick)
        set_view(incoming, other, 0, now);
}

/*
 * Does this presence of an occupant show the change under way? Presence that was there before does
 * not: somebody who is told that he left and came back receives all of it again. But a newcomer
 * receives it because he joins.
 */
static bool shows_change(const struct incoming *incoming, uint32_t other, uint32_t nick)
{
    const struct model_room *room = incoming->room;
    bool enters = incoming->seat == room->change.seat && !room->state.nick[incoming->seat];
    return enters || nick != room->state.nick[other];
}

/* The own presence ends the list that a newcomer receives. */
static void receive_own(struct incoming *incoming, uint32_t nick)
{
    incoming->room->seats[incoming->seat].asking = false;
    set_view(incoming, incoming->seat, nick, shows_change(incoming, incoming->seat, nick));
}

static void receive_presence(struct incoming *incoming)
{
    uint32_t other, nick;
    xmlNode *x = tree_child(incoming->tree, "x", NS_MUC_USER);
    if (strcmp(incoming->type, "error") == 0)
        refused(incoming);
    else if (!read_nick(incoming, &other, &nick))
        run_fail(incoming->run, "presence from the unknown nick %s", incoming->from);
    else if (strcmp(incoming->type, "unavailable") == 0)
        receive_unavailable(incoming, x, other, nick);
    else if (other != incoming->seat)
        set_view(incoming, other, nick, shows_change(incoming, other, nick));
    else if (tree_has_status(x, "110"))
        receive_own(incoming, nick);
}

/* ---- Queries and answers ---- */

static void answer_query(struct incoming *incoming, struct query *query)
{
    struct run *run = incoming->run;
    bool error = strcmp(incoming->type, "error") == 0;
    query->open = false;
    run->open--;
    if (query->kind == ASK_ARCHIVE)
        archive_answer(run, query, error ? NULL : incoming->tree);
    else
        inspect_answer(run, query, incoming->tree, error);
}

static void receive_answer(struct incoming *incoming)
{
    struct run *run = incoming->run;
    uint32_t slot, serial;
    if (!incoming->room || sscanf(incoming->id, "q%u-%u", &slot, &serial) != 2)
        return;
    if (serial == run->round && slot < run->query_count && run->queries[slot].open) {
        answer_query(incoming, &run->queries[slot]);
        return;
    }
    struct model_change *change = &incoming->room->change;
    if (change->kind == CHANGE_NONE || change->id != serial)
        return;
    if (strcmp(incoming->type, "error") == 0)
        refused(incoming);
    change->answered = change->seen = true;
}

/* Answers for a user, or, when his session is dead, for his server. */
static void receive_query(struct incoming *incoming)
{
    struct buf *out = connection_out(&incoming->run->link);
    run_count(incoming->run);
    if (is_dead(incoming))
        send_error("iq", incoming->to, incoming->from, incoming->id, out);
    else
        send_result(incoming->to, incoming->from, incoming->id, out);
}

static void receive_iq(struct incoming *incoming)
{
    bool query = strcmp(incoming->type, "get") == 0 || strcmp(incoming->type, "set") == 0;
    if (query)
        receive_query(incoming);
    else
        receive_answer(incoming);
}

static const char *attr(const struct wire_root *root, const char *name)
{
    const char *value = wire_attr(root, name);
    return value ? value : "";
}

void receive_stanza(void *user, const struct wire_stanza *stanza)
{
    const struct wire_root *root = &stanza->root;
    struct incoming incoming = {user,
                                stanza->tree,
                                root,
                                attr(root, "from"),
                                attr(root, "to"),
                                attr(root, "type"),
                                attr(root, "id"),
                                NULL,
                                0};
    run_count(incoming.run);
    find_room(&incoming);
    if (strcmp(root->name, "iq") == 0) {
        receive_iq(&incoming);
    } else if (is_dead(&incoming)) {
        if (strcmp(root->name, "message") == 0 && strcmp(incoming.type, "error") != 0)
            send_error("message", incoming.to, incoming.from, incoming.id,
                       connection_out(&incoming.run->link));
    } else if (incoming.room) {
        if (strcmp(root->name, "message") == 0)
            receive_message(&incoming);
        else
            receive_presence(&incoming);
    }
}
