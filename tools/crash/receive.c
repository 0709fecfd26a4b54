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
struct received {
    struct run *run;
    const xmlNode *tree;
    const struct wire_root *root;
    const char *from, *to, *type, *id; /* "": absent */
    struct model_room *room;           /* NULL: not from a room to one of its seats */
    uint32_t seat;
};

/* ---- Addresses ---- */

static void find_room(struct received *received)
{
    uint32_t from, to, seat;
    if (sscanf(received->from, "room%u@" CRASH_SERVICE, &from) != 1 ||
        sscanf(received->to, "r%us%u@", &to, &seat) != 2)
        return;
    if (from != to || from >= received->run->model.count || seat >= received->run->model.seats)
        return;
    received->room = &received->run->model.rooms[from];
    received->seat = seat;
}

/* Reads the seat and the number of the nick. False: nobody has such a nick. */
static bool read_nick(const struct received *received, uint32_t *seat_r, uint32_t *nick_r)
{
    const char *slash = strchr(received->from, '/');
    return slash && sscanf(slash, "/n%ug%u", seat_r, nick_r) == 2 &&
           *seat_r < received->run->model.seats;
}

static bool is_dead(const struct received *received)
{
    uint32_t room, seat;
    const struct model *model = &received->run->model;
    return sscanf(received->to, "r%us%u@", &room, &seat) == 2 && room < model->count &&
           seat < model->seats && model->rooms[room].seats[seat].dead;
}

/* ---- Refusals: nothing that the users send may be refused ---- */

static void refused(const struct received *received)
{
    const struct model_room *room = received->room;
    xmlNode *error = tree_child(received->tree, "error", NULL);
    xmlNode *condition = error ? error->children : NULL;
    run_fail(received->run, "room %u refuses a %s of user %u with %s, while %s is under way",
             room->number, received->root->name, received->seat,
             condition ? (const char *)condition->name : "an error",
             model_change_words[room->change.kind]);
}

/* ---- Messages ---- */

static void see(struct received *received, const char *id, uint32_t number)
{
    struct seat *seat = &received->room->seats[received->seat];
    struct said *said = said_add(&seat->seen);
    *said = (struct said){.number = number, .stay = seat->stay};
    snprintf(said->id, sizeof said->id, "%s", id);
    if (number > seat->last)
        seat->last = number;
    received->run->copies++;
}

static void receive_message(struct received *received)
{
    struct buf text = BUF_INIT, id = BUF_INIT;
    xmlNode *body = tree_child(received->tree, "body", NULL);
    xmlNode *result = tree_child(received->tree, "result", NS_MAM);
    if (result) {
        archive_take(received->run, received->room, result);
    } else if (strcmp(received->type, "error") == 0) {
        refused(received);
    } else if (body && strcmp(received->type, "groupchat") == 0) {
        tree_text(body, &text);
        tree_attr(tree_child(received->tree, "stanza-id", NS_SID), "id", &id);
        if (id.len != MESSAGE_ID_LEN)
            run_fail(received->run, "room %u: message %s has no valid stanza-id",
                     received->room->number, text.data);
        else
            see(received, id.data, (uint32_t)strtoul(text.data, NULL, 10));
    }
    buf_free(&text);
    buf_free(&id);
}

/* ---- Presence ---- */

/* `fresh`: it belongs to the present stay. covend repeats older presence that may have been lost.
 */
static void set_view(struct received *received, uint32_t other, uint32_t nick, bool fresh)
{
    uint32_t *view = &received->room->seats[received->seat].view[other];
    if (*view == nick)
        return;
    *view = nick;
    if (fresh && !received->room->seats[other]
                      .dead) /* the leave of a dead session is not the change under way */
        received->room->change.seen = true;
}

/* Is it right that this seat leaves? */
static bool may_leave(const struct model_room *room, uint32_t seat)
{
    return room->seats[seat].dead || !room->state.nick[seat] ||
           (room->change.kind != CHANGE_NONE && !room->change.after.nick[seat]);
}

static void receive_unavailable(struct received *received, const xmlNode *x, uint32_t other,
                                uint32_t nick)
{
    struct model_room *room = received->room;
    bool renamed = tree_has_status(x, "303"), lost = tree_has_status(x, "333");
    bool own = other == received->seat && !renamed;
    bool now = nick == room->state.nick[other];
    if (excused_is_removal(x))
        excused_remove_sender(&received->run->excused, other, room->number);
    if (!may_leave(room, other) && now && (own || lost))
        run_fail(received->run,
                 "room %u: user %u, whose session is alive, was removed%s (as user %u sees it)",
                 room->number, other, lost ? " with 333" : "", received->seat);
    if (room->seats[other].dead && now && !lost)
        run_fail(received->run,
                 "room %u: user %u, whose session is dead, left without 333 (as user %u sees it)",
                 room->number, other, received->seat);
    for (uint32_t i = 0; own && i < received->run->model.seats; i++)
        set_view(received, i, 0, now);
    if (room->seats[received->seat].view[other] == nick)
        set_view(received, other, 0, now);
}

/*
 * Does this presence of an occupant show the change under way? Presence that was there before does
 * not: somebody who is told that he left and came back receives all of it again. But a newcomer
 * receives it because he joins.
 */
static bool shows_change(const struct received *received, uint32_t other, uint32_t nick)
{
    const struct model_room *room = received->room;
    bool enters = received->seat == room->change.seat && !room->state.nick[received->seat];
    return enters || nick != room->state.nick[other];
}

/* The own presence ends the list that a newcomer receives. */
static void receive_own(struct received *received, uint32_t nick)
{
    received->room->seats[received->seat].asking = false;
    set_view(received, received->seat, nick, shows_change(received, received->seat, nick));
}

static void receive_presence(struct received *received)
{
    uint32_t other, nick;
    xmlNode *x = tree_child(received->tree, "x", NS_MUC_USER);
    if (strcmp(received->type, "error") == 0)
        refused(received);
    else if (!read_nick(received, &other, &nick))
        run_fail(received->run, "presence from the unknown nick %s", received->from);
    else if (strcmp(received->type, "unavailable") == 0)
        receive_unavailable(received, x, other, nick);
    else if (other != received->seat)
        set_view(received, other, nick, shows_change(received, other, nick));
    else if (tree_has_status(x, "110"))
        receive_own(received, nick);
}

/* ---- Queries and answers ---- */

static void answer_query(struct received *received, struct query *query)
{
    struct run *run = received->run;
    bool error = strcmp(received->type, "error") == 0;
    query->open = false;
    run->open--;
    if (query->kind == ASK_ARCHIVE)
        archive_answer(run, query, error ? NULL : received->tree);
    else
        inspect_answer(run, query, received->tree, error);
}

static void receive_answer(struct received *received)
{
    struct run *run = received->run;
    uint32_t slot, serial;
    if (!received->room || sscanf(received->id, "q%u-%u", &slot, &serial) != 2)
        return;
    if (serial == run->round && slot < run->query_count && run->queries[slot].open) {
        answer_query(received, &run->queries[slot]);
        return;
    }
    struct model_change *change = &received->room->change;
    if (change->kind == CHANGE_NONE || change->id != serial)
        return;
    if (strcmp(received->type, "error") == 0)
        refused(received);
    change->answered = change->seen = true;
}

/* Answers for a user, or, when his session is dead, for his server. */
static void receive_query(struct received *received)
{
    struct buf *out = connection_out(&received->run->link);
    run_count(received->run);
    if (is_dead(received))
        send_error("iq", received->to, received->from, received->id, out);
    else
        send_result(received->to, received->from, received->id, out);
}

static void receive_iq(struct received *received)
{
    bool query = strcmp(received->type, "get") == 0 || strcmp(received->type, "set") == 0;
    if (query)
        receive_query(received);
    else
        receive_answer(received);
}

static const char *attr(const struct wire_root *root, const char *name)
{
    const char *value = wire_attr(root, name);
    return value ? value : "";
}

void receive_stanza(void *user, const struct wire_stanza *stanza)
{
    const struct wire_root *root = &stanza->root;
    struct received received = {user,
                                stanza->tree,
                                root,
                                attr(root, "from"),
                                attr(root, "to"),
                                attr(root, "type"),
                                attr(root, "id"),
                                NULL,
                                0};
    run_count(received.run);
    find_room(&received);
    if (strcmp(root->name, "iq") == 0) {
        receive_iq(&received);
    } else if (is_dead(&received)) {
        if (strcmp(root->name, "message") == 0 && strcmp(received.type, "error") != 0)
            send_error("message", received.to, received.from, received.id,
                       connection_out(&received.run->link));
    } else if (received.room) {
        if (strcmp(root->name, "message") == 0)
            receive_message(&received);
        else
            receive_presence(&received);
    }
}
