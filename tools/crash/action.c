#include "action.h"

#include <stdio.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "device.h"

#define BIT(number) (UINT64_C(1) << (number))
#define NS_CORRECT  "urn:xmpp:message-correct:0"

/* Who acts, and where. */
struct actor {
    struct people *people;
    struct device *device;
    uint32_t room;
    struct view *view;
    const struct face *face; /* its own; NULL: it is not inside */
    struct buf *out;
};

static uint32_t throw(const struct actor *actor, uint32_t count)
{
    return dice_below(&actor->people->dice, count);
}

static void note(const struct actor *actor, const char *what, const char *whom)
{
    char label[LABEL_SIZE];
    device_label(actor->device, label);
    trace_add(&actor->people->traces, actor->room, "%s -> %s %s", label, what, whom);
}

static bool is_moderator(const struct actor *actor)
{
    return strcmp(actor->face->role, "moderator") == 0;
}

static bool is_owner(const struct actor *actor)
{
    return strcmp(actor->face->affiliation, "owner") == 0;
}

static bool is_admin(const struct actor *actor)
{
    return is_owner(actor) || strcmp(actor->face->affiliation, "admin") == 0;
}

/* A random other occupant, but not the witness. NULL: the draw hit nobody. */
static const struct face *somebody(const struct actor *actor)
{
    const struct faces *faces = &actor->view->faces;
    const struct face *face = &faces->list[throw(actor, (uint32_t)faces->count)];
    return face == actor->face || face->nick[0] != 'p' ? NULL : face;
}

static uint32_t person_of(const struct face *face)
{
    uint32_t number = 0;
    sscanf(face->nick, "p%u", &number);
    return number;
}

/* ---- Talking ---- */

uint32_t action_say(struct device *device, uint32_t room, const char *children)
{
    struct people *people = device->people;
    uint32_t number = people->next_number++;
    buf_printf(connection_out(&device->connection),
               "<message type='groupchat' to='room%u@%s' id='m%u'>%s</message>", room,
               people->victim.service, number, children);
    excused_note_sent(&people->excused, number, device->number, room);
    return number;
}

static void say(const struct actor *actor, const char *children)
{
    char number[VIEW_TEXT];
    snprintf(number, sizeof number, "m%u", action_say(actor->device, actor->room, children));
    note(actor, "says", number);
}

static bool talk(const struct actor *actor)
{
    say(actor, "<body>How now, &amp; so on</body>");
    return true;
}

/* The last message that it saw; NULL: none. */
static const struct said *last_seen(const struct actor *actor)
{
    const struct said_list *seen = &actor->view->seen;
    const struct said *last = seen->count ? &seen->items[seen->count - 1] : NULL;
    return last && last->number >= SEEN_FIRST ? last : NULL;
}

static bool react(const struct actor *actor)
{
    char children[256];
    const struct said *last = last_seen(actor);
    if (!last)
        return false;
    snprintf(children, sizeof children,
             "<reactions xmlns='" NS_REACTIONS "' id='%s'><reaction>+</reaction></reactions>",
             last->id);
    say(actor, children);
    return true;
}

static bool correct(const struct actor *actor)
{
    char children[256];
    snprintf(children, sizeof children,
             "<body>Better so</body><replace xmlns='" NS_CORRECT "' id='m%u'/>",
             actor->people->next_number - 1 - throw(actor, 5));
    say(actor, children);
    return true;
}

static bool retract(const struct actor *actor)
{
    char children[256];
    const struct said *last = last_seen(actor);
    if (!last)
        return false;
    snprintf(children, sizeof children, "<retract xmlns='" NS_RETRACT "' id='%s'/>", last->id);
    say(actor, children);
    return true;
}

static bool set_subject(const struct actor *actor)
{
    char children[256];
    snprintf(children, sizeof children, "<subject>subject %u</subject>",
             actor->people->next_number);
    say(actor, children);
    return true;
}

/* The devices (bits) of the person that have to get a message to that nick. */
static uint64_t due_of(const struct actor *actor, uint32_t number, const char *nick)
{
    uint64_t due = 0;
    const struct people *people = actor->people;
    for (uint32_t i = 0; people->up && i < people->device_count; i++) {
        const struct device *device = &people->devices[i];
        const struct view *view = &device->views[actor->room];
        if (device->person->number == number && view->state == VIEW_INSIDE && !view->renaming &&
            strcmp(view->nick, nick) == 0)
            due |= BIT(device->own);
    }
    return due;
}

static bool send_private(const struct actor *actor)
{
    const struct face *face = somebody(actor);
    char what[VIEW_TEXT];
    if (!face || person_of(face) == actor->device->person->number)
        return false;
    struct private_message message = {
        .number = actor->people->next_number++,
        .room = actor->room,
        .from = actor->device->number,
        .to = person_of(face),
        .due = actor->view->renaming ? 0 : due_of(actor, person_of(face), face->nick),
    };
    private_send(&actor->people->private_messages, &message);
    buf_printf(
        actor->out,
        "<message type='chat' to='room%u@%s/%s' id='w%u'><body>Psst</body><x xmlns='" NS_MUC_USER
        "'/></message>",
        actor->room, actor->people->victim.service, face->nick, message.number);
    snprintf(what, sizeof what, "sends private w%u to", message.number);
    note(actor, what, face->nick);
    return true;
}

static bool read_archive(const struct actor *actor)
{
    const struct said *last = last_seen(actor);
    if (actor->view->reading)
        return false;
    actor->view->reading = true;
    *said_add(&actor->view->read) = (struct said){.number = SEEN_STAY};
    buf_printf(actor->out,
               "<iq type='set' id='read' to='room%u@%s'><query xmlns='" NS_MAM
               "'><set xmlns='" NS_RSM "'><max>30</max>",
               actor->room, actor->people->victim.service);
    if (last && throw(actor, 2))
        buf_printf(actor->out, "<after>%s</after>", last->id);
    else
        buf_add_text(actor->out, "<before/>");
    buf_add_text(actor->out, "</set></query></iq>");
    note(actor, "asks the archive", last ? last->id : "");
    return true;
}

/* ---- Presence ---- */

static bool set_status(const struct actor *actor)
{
    static const char *const shows[] = {"", "<show>away</show>", "<show>dnd</show>",
                                        "<show>xa</show>"};
    char status[VIEW_TEXT];
    snprintf(status, sizeof status, "<status>s%u</status>", actor->people->next_number++);
    const char *show = shows[throw(actor, 4)];
    buf_printf(actor->out, "<presence to='room%u@%s/%s'>%s%s</presence>", actor->room,
               actor->people->victim.service, actor->view->nick, show, status);
    actor->view->refused = false;
    note(actor, "is", status);
    return true;
}

static void pick_nick(const struct actor *actor, char nick[VIEW_TEXT])
{
    unsigned which = throw(actor, 2) ? 0 : throw(actor, 3);
    snprintf(nick, VIEW_TEXT, "p%u.%u", actor->device->person->number, which);
}

static bool rename_self(const struct actor *actor)
{
    char nick[VIEW_TEXT];
    pick_nick(actor, nick);
    if (strcmp(nick, actor->view->nick) == 0)
        return false;
    buf_printf(actor->out, "<presence to='room%u@%s/%s'/>", actor->room,
               actor->people->victim.service, nick);
    actor->view->renaming = true;
    actor->view->refused = false;
    private_excuse(&actor->people->private_messages, actor->room, actor->device->person->number,
                   actor->device->own);
    note(actor, "calls itself", nick);
    return true;
}

static bool leave(const struct actor *actor)
{
    device_leave(actor->device, actor->room);
    return true;
}

static bool join(const struct actor *actor)
{
    char nick[VIEW_TEXT];
    enum view_state state = actor->view->state;
    bool banned = actor->people->rooms[actor->room].banned & BIT(actor->device->person->number);
    if ((state != VIEW_OUT && state != VIEW_GHOST) || (banned && throw(actor, 4)))
        return false;
    pick_nick(actor, nick);
    device_join(actor->device, actor->room, nick);
    return true;
}

/* Asks for everything again, like a client that lost its view. */
static bool join_again(const struct actor *actor)
{
    if (actor->view->renaming)
        return false;
    device_join(actor->device, actor->room, actor->view->nick);
    return true;
}

static bool drop(const struct actor *actor)
{
    device_drop(actor->device, throw(actor, 3) ? throw(actor, 500) : throw(actor, 8000));
    return true;
}

/* ---- Moderating ---- */

static void ask(const struct actor *actor, const char *id, const char *item, const char *whom)
{
    buf_printf(actor->out,
               "<iq type='set' id='%s' to='room%u@%s'><query xmlns='" NS_MUC_ADMIN
               "'>%s</query></iq>",
               id, actor->room, actor->people->victim.service, item);
    note(actor, id, whom);
}

static bool set_role(const struct actor *actor, const char *id, const char *role)
{
    char item[256];
    const struct face *face = somebody(actor);
    if (!is_moderator(actor) || !face)
        return false;
    snprintf(item, sizeof item, "<item nick='%s' role='%s'/>", face->nick, role);
    ask(actor, id, item, face->nick);
    return true;
}

static bool kick(const struct actor *actor)
{
    return set_role(actor, "kicks", "none");
}

static bool give_voice(const struct actor *actor)
{
    static const char *const roles[] = {"participant", "visitor", "moderator"};
    uint32_t which = throw(actor, 5) % 3;
    return set_role(actor, "gives-a-role", roles[which]);
}

static void affiliate(const struct actor *actor, uint32_t number, const char *affiliation)
{
    char item[256], whom[VIEW_TEXT];
    const struct people_person *person = &actor->people->persons[number];
    snprintf(item, sizeof item, "<item jid='user%u@%s' affiliation='%s'/>", number,
             person->server->domain, affiliation);
    snprintf(whom, sizeof whom, "p%u", number);
    ask(actor, affiliation, item, whom);
}

static bool ban(const struct actor *actor)
{
    const struct face *face = somebody(actor);
    if (!is_admin(actor) || !face)
        return false;
    affiliate(actor, person_of(face), "outcast");
    return true;
}

static bool unban(const struct actor *actor)
{
    uint64_t *banned = &actor->people->rooms[actor->room].banned;
    for (uint32_t number = 0; is_admin(actor) && number < actor->people->person_count; number++) {
        if (*banned & BIT(number)) {
            affiliate(actor, number, "none");
            *banned &= ~BIT(number);
            return true;
        }
    }
    return false;
}

static bool make_member(const struct actor *actor)
{
    static const char *const affiliations[] = {"member", "member", "none", "admin", "owner"};
    uint32_t number = throw(actor, actor->people->person_count - 1);
    if (!is_admin(actor))
        return false;
    affiliate(actor, number, affiliations[throw(actor, is_owner(actor) ? 5 : 3)]);
    return true;
}

static bool configure(const struct actor *actor)
{
    static const char *const vars[] = {"moderatedroom", "membersonly"};
    uint32_t which = throw(actor, 3) ? 0 : 1;
    const char *value = throw(actor, which ? 4 : 2) ? "0" : "1"; /* rarely for members only */
    char what[VIEW_TEXT];
    if (!is_owner(actor))
        return false;
    buf_printf(actor->out,
               "<iq type='set' id='configures' to='room%u@%s'><query xmlns='" NS_MUC_OWNER
               "'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG
               "</value></field><field var='muc#roomconfig_%s'><value>%s</value></field></x>"
               "</query></iq>",
               actor->room, actor->people->victim.service, vars[which], value);
    snprintf(what, sizeof what, "%s=%s", vars[which], value);
    note(actor, "configures", what);
    return true;
}

/* ---- Drawing an action ---- */

static const struct action {
    unsigned weight;
    bool outside; /* possible for somebody who is not inside */
    bool (*act)(const struct actor *actor);
} actions[] = {
    {30, false, talk},        {5, false, react},       {4, false, correct},
    {4, false, retract},      {2, false, set_subject}, {14, false, send_private},
    {4, false, read_archive}, {10, false, set_status}, {6, false, rename_self},
    {5, false, leave},        {40, true, join},        {2, false, join_again},
    {3, true, drop},          {5, false, kick},        {6, false, give_voice},
    {2, false, ban},          {8, false, unban},       {5, false, make_member},
    {2, false, configure},
};

#define ACTION_COUNT (sizeof actions / sizeof *actions)

static const struct action *pick(struct people *people)
{
    unsigned all = 0;
    for (size_t i = 0; i < ACTION_COUNT; i++)
        all += actions[i].weight;
    unsigned left = dice_below(&people->dice, all);
    const struct action *action = actions;
    for (; left >= action->weight; action++)
        left -= action->weight;
    return action;
}

static struct actor actor_by_chance(struct people *people)
{
    struct device *device = &people->devices[dice_below(&people->dice, people->device_count - 1)];
    uint32_t room = dice_below(&people->dice, people->room_count);
    return (struct actor){people,
                          device,
                          room,
                          &device->views[room],
                          device_is_away(device) ? NULL : device_face(device, room),
                          connection_out(&device->connection)};
}

void action_enter_some(struct people *people)
{
    for (uint32_t i = 0; i + 1 < people->device_count; i++) {
        for (uint32_t room = 0; room < people->room_count; room++) {
            struct device *device = &people->devices[i];
            struct actor actor = {.people = people, .device = device, .room = room};
            char nick[VIEW_TEXT];
            pick_nick(&actor, nick);
            if (dice_once_in(&people->dice, 2))
                device_join(device, room, nick);
        }
    }
}

#define TRIES 20

void action_do(struct people *people)
{
    for (unsigned i = 0; i < TRIES; i++) {
        struct actor actor = actor_by_chance(people);
        const struct action *action = pick(people);
        if (device_is_away(actor.device) || (!action->outside && !actor.face))
            continue;
        if (action->act(&actor)) {
            people->actions++;
            return;
        }
    }
}
