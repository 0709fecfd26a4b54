#include "hear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "coven/ns.h"
#include "speak.h"
#include "survey.h"
#include "tree.h"

/* A stanza, and whose it is. */
struct heard {
    struct run *run;
    const xmlNode *tree;
    const struct wire_root *root;
    const char *from, *to, *type, *id; /* "" when there is none */
    struct room *room;                 /* NULL: from none, or to nobody there */
    uint32_t seat;
};

/* ---- Who speaks ---- */

static void find_room(struct heard *heard)
{
    uint32_t from, to, seat;
    if (sscanf(heard->from, "room%u@" CRASH_SERVICE, &from) != 1 ||
        sscanf(heard->to, "r%us%u@", &to, &seat) != 2)
        return;
    if (from != to || from >= heard->run->world.count || seat >= heard->run->world.seats)
        return;
    heard->room = &heard->run->world.rooms[from];
    heard->seat = seat;
}

/* The seat that a nick belongs to; false: it is no nick of ours. */
static bool read_nick(const struct heard *heard, uint32_t *seat_r, uint32_t *nick_r)
{
    const char *slash = strchr(heard->from, '/');
    return slash && sscanf(slash, "/n%ug%u", seat_r, nick_r) == 2 &&
           *seat_r < heard->run->world.seats;
}

static bool is_dead(const struct heard *heard)
{
    uint32_t room, seat;
    const struct world *world = &heard->run->world;
    return sscanf(heard->to, "r%us%u@", &room, &seat) == 2 && room < world->count &&
           seat < world->seats && world->rooms[room].seats[seat].dead;
}

/* ---- Refusals: nothing that is sent here is to be refused ---- */

static void refused(const struct heard *heard)
{
    const struct room *room = heard->room;
    xmlNode *error = tree_child(heard->tree, "error", NULL);
    xmlNode *condition = error ? error->children : NULL;
    run_fault(heard->run, "room %u refuses a %s of user %u's with %s, while %s is under way",
              room->number, heard->root->name, heard->seat,
              condition ? (const char *)condition->name : "an error",
              change_words[room->change.kind]);
}

/* ---- Messages ---- */

static void see(struct heard *heard, const char *id, uint32_t number)
{
    struct seat *seat = &heard->room->seats[heard->seat];
    struct said *said = said_add(&seat->seen);
    *said = (struct said){.number = number, .stay = seat->stay};
    snprintf(said->id, sizeof said->id, "%s", id);
    if (number > seat->last)
        seat->last = number;
    heard->run->copies++;
}

static void hear_message(struct heard *heard)
{
    struct buf text = BUF_INIT, id = BUF_INIT;
    xmlNode *body = tree_child(heard->tree, "body", NULL);
    xmlNode *result = tree_child(heard->tree, "result", NS_MAM);
    if (result) {
        archive_take(heard->run, heard->room, result);
    } else if (strcmp(heard->type, "error") == 0) {
        refused(heard);
    } else if (body && strcmp(heard->type, "groupchat") == 0) {
        tree_text(body, &text);
        tree_attr(tree_child(heard->tree, "stanza-id", NS_SID), "id", &id);
        if (id.len != MESSAGE_ID_LEN)
            run_fault(heard->run, "room %u: message %s came without a good stanza-id",
                      heard->room->number, text.data);
        else
            see(heard, id.data, (uint32_t)strtoul(text.data, NULL, 10));
    }
    buf_free(&text);
    buf_free(&id);
}

/* ---- Presence ---- */

/* `fresh`: it does not speak of an earlier stay, which is told again when it may have been lost. */
static void set_view(struct heard *heard, uint32_t other, uint32_t nick, bool fresh)
{
    uint32_t *view = &heard->room->seats[heard->seat].view[other];
    if (*view == nick)
        return;
    *view = nick;
    if (fresh && !heard->room->seats[other].dead) /* else it is not the change that shows */
        heard->room->change.seen = true;
}

/* Is it no surprise that this one is not inside any more? */
static bool may_go(const struct room *room, uint32_t seat)
{
    return room->seats[seat].dead || !room->shape.nick[seat] ||
           (room->change.kind != CHANGE_NONE && !room->change.after.nick[seat]);
}

static void hear_unavailable(struct heard *heard, const xmlNode *x, uint32_t other, uint32_t nick)
{
    struct room *room = heard->room;
    bool renamed = tree_has_status(x, "303"), lost = tree_has_status(x, "333");
    bool own = other == heard->seat && !renamed;
    bool now = nick == room->shape.nick[other];
    if (words_are_cut(x))
        words_cut(&heard->run->words, other, room->number);
    if (!may_go(room, other) && now && (own || lost))
        run_fault(heard->run, "room %u: user %u, who lives, was sent out%s (as user %u sees it)",
                  room->number, other, lost ? " with 333" : "", heard->seat);
    if (room->seats[other].dead && now && !lost)
        run_fault(heard->run,
                  "room %u: user %u, who is dead, left without 333 (as user %u sees it)",
                  room->number, other, heard->seat);
    for (uint32_t i = 0; own && i < heard->run->world.seats; i++)
        set_view(heard, i, 0, now);
    if (room->seats[heard->seat].view[other] == nick)
        set_view(heard, other, 0, now);
}

/*
 * Does the presence of somebody who is inside show the change that is under way? Not one that was
 * there before: whoever is told again how he left, and then how he came back, sees all of them
 * anew. But whoever enters sees them because he does.
 */
static bool shows_change(const struct heard *heard, uint32_t other, uint32_t nick)
{
    const struct room *room = heard->room;
    bool enters = heard->seat == room->change.seat && !room->shape.nick[heard->seat];
    return enters || nick != room->shape.nick[other];
}

/* The last of what whoever enters is told. */
static void hear_own(struct heard *heard, uint32_t nick)
{
    heard->room->seats[heard->seat].asking = false;
    set_view(heard, heard->seat, nick, shows_change(heard, heard->seat, nick));
}

static void hear_presence(struct heard *heard)
{
    uint32_t other, nick;
    xmlNode *x = tree_child(heard->tree, "x", NS_MUC_USER);
    if (strcmp(heard->type, "error") == 0)
        refused(heard);
    else if (!read_nick(heard, &other, &nick))
        run_fault(heard->run, "presence from %s, which nobody is called", heard->from);
    else if (strcmp(heard->type, "unavailable") == 0)
        hear_unavailable(heard, x, other, nick);
    else if (other != heard->seat)
        set_view(heard, other, nick, shows_change(heard, other, nick));
    else if (tree_has_status(x, "110"))
        hear_own(heard, nick);
}

/* ---- Queries and answers ---- */

static void answer_question(struct heard *heard, struct question *question)
{
    struct run *run = heard->run;
    bool error = strcmp(heard->type, "error") == 0;
    question->open = false;
    run->open--;
    if (question->kind == ASK_ARCHIVE)
        archive_answer(run, question, error ? NULL : heard->tree);
    else
        survey_answer(run, question, heard->tree, error);
}

static void hear_answer(struct heard *heard)
{
    struct run *run = heard->run;
    uint32_t slot, serial;
    if (!heard->room || sscanf(heard->id, "q%u-%u", &slot, &serial) != 2)
        return;
    if (serial == run->round && slot < run->question_count && run->questions[slot].open) {
        answer_question(heard, &run->questions[slot]);
        return;
    }
    struct change *change = &heard->room->change;
    if (change->kind == CHANGE_NONE || change->id != serial)
        return;
    if (strcmp(heard->type, "error") == 0)
        refused(heard);
    change->answered = change->seen = true;
}

/* The server's part for those who are not there any more, and each one's for itself. */
static void hear_query(struct heard *heard)
{
    struct buf *out = line_out(&heard->run->line);
    run_count(heard->run);
    if (is_dead(heard))
        speak_error("iq", heard->to, heard->from, heard->id, out);
    else
        speak_result(heard->to, heard->from, heard->id, out);
}

static void hear_iq(struct heard *heard)
{
    bool query = strcmp(heard->type, "get") == 0 || strcmp(heard->type, "set") == 0;
    if (query)
        hear_query(heard);
    else
        hear_answer(heard);
}

static const char *attr(const struct wire_root *root, const char *name)
{
    const char *value = wire_attr(root, name);
    return value ? value : "";
}

void hear_stanza(void *user, const struct wire_stanza *stanza)
{
    const struct wire_root *root = &stanza->root;
    struct heard heard = {user,
                          stanza->tree,
                          root,
                          attr(root, "from"),
                          attr(root, "to"),
                          attr(root, "type"),
                          attr(root, "id"),
                          NULL,
                          0};
    run_count(heard.run);
    find_room(&heard);
    if (strcmp(root->name, "iq") == 0) {
        hear_iq(&heard);
    } else if (is_dead(&heard)) {
        if (strcmp(root->name, "message") == 0 && strcmp(heard.type, "error") != 0)
            speak_error("message", heard.to, heard.from, heard.id, line_out(&heard.run->line));
    } else if (heard.room) {
        if (strcmp(root->name, "message") == 0)
            hear_message(&heard);
        else
            hear_presence(&heard);
    }
}
