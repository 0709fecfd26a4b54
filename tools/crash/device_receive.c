/* How a device handles what it receives. */
#include <stdio.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "device.h"
#include "tree.h"
#include "witness.h"

#define BIT(person) (UINT64_C(1) << (person))

/* Where a stanza came from: a room, and a nick in it; "": the room itself. */
struct origin {
    uint32_t room;
    char nick[VIEW_TEXT];
    char label[LABEL_SIZE]; /* of the device that receives it */
};

static bool read_origin(const struct device *device, const struct wire_stanza *stanza,
                        struct origin *origin)
{
    const struct people *people = device->people;
    const char *from = wire_attr(&stanza->root, "from");
    const char *at = from ? strchr(from, '@') : NULL;
    size_t len = strlen(people->victim.service);
    *origin = (struct origin){.room = people->room_count};
    device_label(device, origin->label);
    if (!at || sscanf(from, "room%u@", &origin->room) != 1 || origin->room >= people->room_count ||
        strncmp(at + 1, people->victim.service, len) != 0)
        return false;
    const char *slash = at + 1 + len;
    snprintf(origin->nick, sizeof origin->nick, "%s", *slash == '/' ? slash + 1 : "");
    return true;
}

/* The name of the error condition; "": there is none. */
static void read_condition(const xmlNode *stanza, char *text, size_t size)
{
    const xmlNode *error = tree_child(stanza, "error", NULL);
    *text = '\0';
    for (const xmlNode *child = error ? error->children : NULL; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, "text") != 0) {
            snprintf(text, size, "%s", (const char *)child->name);
            return;
        }
    }
}

/* ---- Presence ---- */

/* Did the room refuse? Other conditions come from a server whose covend is down; some servers use
 * these for that, too. */
static bool is_refusal(const struct people *people, const char *condition)
{
    static const char *const conditions[] = {"forbidden", "registration-required", "conflict",
                                             "not-allowed", "not-authorized"};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (strcmp(condition, conditions[i]) == 0)
            return !people_were_disrupted(people, clock_mono_ms());
    }
    return false;
}

static void receive_refusal(struct device *device, const struct origin *origin, const xmlNode *tree)
{
    struct people *people = device->people;
    struct view *view = &device->views[origin->room];
    char condition[VIEW_TEXT];
    read_condition(tree, condition, sizeof condition);
    trace_add(&people->traces, origin->room, "%s -> is refused as %s, %s: %s", origin->label,
              origin->nick, view_state_words[view->state], condition);
    view->renaming = false;
    view->refused = people_were_disrupted(people, clock_mono_ms());
    people->refusals++;
    if (view->state == VIEW_JOINING && is_refusal(people, condition) &&
        tree_attr_is(tree, "id", view->join))
        view->state = VIEW_OUT;
    if (view->state == VIEW_LEAVING)
        view->state = VIEW_GHOST;
}

static void note_presence(struct device *device, const struct origin *origin, const xmlNode *tree)
{
    xmlNode *x = tree_child(tree, "x", NS_MUC_USER), *status = tree_child(x, "status", NULL);
    struct buf text = BUF_INIT, code = BUF_INIT;
    if (strcmp(origin->nick, WITNESS_NICK) == 0 || device == people_witness(device->people))
        return; /* the witness comes and goes all the time */
    buf_printf(&text, "%s <- %s", origin->label, origin->nick);
    if (tree_attr_is(tree, "type", "unavailable"))
        buf_add_text(&text, " unavailable");
    for (; status; status = tree_next(status)) {
        tree_attr(status, "code", &code);
        buf_printf(&text, " %s", code.data);
    }
    for (xmlNode *item = tree_child(x, "item", NULL); item; item = tree_next(item)) {
        struct face face = {.jid_count = 0};
        face_take_item(&face, item);
        buf_printf(&text, " %s/%s %s", face.role, face.affiliation, face.jids[0]);
    }
    trace_add(&device->people->traces, origin->room, "%s", text.data);
    buf_free(&text);
    buf_free(&code);
}

static void excuse(struct device *device, uint32_t room)
{
    struct private_messages *messages = &device->people->private_messages;
    private_excuse(messages, room, device->person->number, device->own);
    private_excuse_sender(messages, room, device->number);
}

/* A device that was connected all the time must not be removed as unreachable (333). */
static void check_end(struct device *device, const struct origin *origin, const xmlNode *x)
{
    struct people *people = device->people;
    bool lost = tree_has_status(x, "333"), kicked = tree_has_status(x, "307");
    if (excused_is_removal(x))
        excused_remove_sender(&people->excused, device->number, origin->room);
    if (tree_has_status(x, "301"))
        people->rooms[origin->room].banned |= BIT(device->person->number);
    if (lost && !kicked && clock_mono_ms() > device->away_ms + 60000)
        people_fail(people, origin->room, origin->label, NULL,
                    "room %u: %s is connected, but was removed as unreachable (333)", origin->room,
                    origin->label);
}

static void receive_presence(struct device *device, const struct wire_stanza *stanza)
{
    struct origin origin;
    struct people *people = device->people;
    const char *type = wire_attr(&stanza->root, "type");
    if (!read_origin(device, stanza, &origin))
        return;
    if (type && strcmp(type, "error") == 0) {
        receive_refusal(device, &origin, stanza->tree);
        return;
    }
    struct view *view = &device->views[origin.room];
    enum view_state before = view->state;
    char nick[VIEW_TEXT];
    memcpy(nick, view->nick, sizeof nick);
    note_presence(device, &origin, stanza->tree);
    enum view_change change = view_presence(view, origin.nick, stanza->tree);
    if (change == VIEW_LEFT && before == VIEW_INSIDE)
        check_end(device, &origin, tree_child(stanza->tree, "x", NS_MUC_USER));
    if (change == VIEW_ENTERED)
        people->rooms[origin.room].banned &= ~BIT(device->person->number);
    if (change != VIEW_UNCHANGED && (before != view->state || strcmp(nick, view->nick) != 0))
        excuse(device, origin.room);
}

/* ---- Messages ---- */

static void receive_page(struct device *device, uint32_t room, const xmlNode *result)
{
    struct view *view = &device->views[room];
    xmlNode *message = tree_child(tree_child(result, "forwarded", NS_FORWARD), "message", NULL);
    struct said said;
    if (!view_archived(message, &said))
        return;
    if (device == people_witness(device->people))
        *said_add(&device->people->rooms[room].page) = said;
    else if (view->reading)
        *said_add(&view->read) = said;
}

static void receive_private(struct device *device, const struct origin *origin, uint32_t number)
{
    struct people *people = device->people;
    struct buf why = BUF_INIT;
    trace_add(&people->traces, origin->room, "%s <- private w%u of %s", origin->label, number,
              origin->nick);
    if (!private_receive(&people->private_messages, number, device->person->number, device->own,
                         device->person->dropped, &why))
        people_fail(people, origin->room, origin->label, origin->nick, "room %u: %s: %s",
                    origin->room, origin->label, why.data);
    buf_free(&why);
}

static void receive_error(struct device *device, const struct origin *origin,
                          const struct wire_stanza *stanza)
{
    struct people *people = device->people;
    uint32_t number;
    char condition[VIEW_TEXT];
    const char *id = wire_attr(&stanza->root, "id");
    read_condition(stanza->tree, condition, sizeof condition);
    people->refusals++;
    trace_add(&people->traces, origin->room, "%s -> message %s to '%s' is refused: %s",
              origin->label, id ? id : "", origin->nick, condition);
    if (id && sscanf(id, "w%u", &number) == 1)
        private_refuse(&people->private_messages, number, condition);
}

static void receive_groupchat(struct device *device, const struct origin *origin,
                              const xmlNode *message)
{
    struct people *people = device->people;
    struct view *view = &device->views[origin->room];
    uint32_t number = view_number(message);
    people->copies++;
    trace_add(&people->traces, origin->room, "%s <- m%u of %s%s", origin->label, number,
              origin->nick, tree_child(message, "delay", NS_DELAY) ? ", as history" : "");
    if (view_message(view, message) && number == people->rooms[origin->room].mark &&
        view->state == VIEW_OUT)
        people_fail(people, origin->room, origin->label, NULL,
                    "room %u: %s is not inside, but received a message", origin->room,
                    origin->label);
}

static void receive_message(struct device *device, const struct wire_stanza *stanza)
{
    struct origin origin;
    uint32_t number;
    const char *type = wire_attr(&stanza->root, "type"), *id = wire_attr(&stanza->root, "id");
    xmlNode *result = tree_child(stanza->tree, "result", NS_MAM);
    if (!read_origin(device, stanza, &origin))
        return;
    if (type && strcmp(type, "error") == 0)
        receive_error(device, &origin, stanza);
    else if (result)
        receive_page(device, origin.room, result);
    else if (type && strcmp(type, "groupchat") == 0)
        receive_groupchat(device, &origin, stanza->tree);
    else if (id && *origin.nick && sscanf(id, "w%u", &number) == 1)
        receive_private(device, &origin, number);
}

/* ---- Queries ---- */

static void receive_answer(struct device *device, const struct wire_stanza *stanza, bool error)
{
    struct origin origin;
    struct people *people = device->people;
    char condition[VIEW_TEXT];
    const char *id = wire_attr(&stanza->root, "id");
    bool of_room = read_origin(device, stanza, &origin);
    if (device == people_witness(people)) {
        witness_answer(people, id, of_room ? origin.room : people->room_count, stanza->tree, error);
        return;
    }
    if (of_room && strcmp(id, "read") == 0)
        device->views[origin.room].reading = false;
    if (!of_room || !error)
        return;
    read_condition(stanza->tree, condition, sizeof condition);
    people->refusals++;
    trace_add(&people->traces, origin.room, "%s -> %s is refused: %s", origin.label, id, condition);
}

static void receive_iq(struct device *device, const struct wire_stanza *stanza)
{
    const char *type = wire_attr(&stanza->root, "type"), *id = wire_attr(&stanza->root, "id");
    const char *from = wire_attr(&stanza->root, "from");
    if (!type || !id)
        return;
    if (strcmp(type, "get") == 0 || strcmp(type, "set") == 0)
        buf_printf(connection_out(&device->connection), "<iq type='result' to='%s' id='%s'/>",
                   from ? from : "", id);
    else
        receive_answer(device, stanza, strcmp(type, "error") == 0);
}

void device_receive(void *user, const struct wire_stanza *stanza)
{
    static const struct {
        const char *name;
        void (*receive)(struct device *device, const struct wire_stanza *stanza);
    } kinds[] = {{"presence", receive_presence}, {"message", receive_message}, {"iq", receive_iq}};
    struct device *device = user;
    device->people->heard_ms = clock_mono_ms();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(stanza->root.name, kinds[i].name) == 0)
            kinds[i].receive(device, stanza);
    }
}
