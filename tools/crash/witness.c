#include "witness.h"

#include <stdio.h>
#include <string.h>

#include "action.h"
#include "agreement.h"
#include "coven/clock.h"
#include "coven/ns.h"
#include "device.h"
#include "tree.h"

#define SILENCE_MS 1500   /* silence for this long is a quiet moment */
#define CALM_MS    120000 /* it has to come within this time */
#define AGREE_MS   20000  /* then the views have to agree within this time */
#define ANSWER_MS  60000

static const char nick[] = WITNESS_NICK;

/* ---- Queries ---- */

enum witness_query {
    ASK_ROLE,
    ASK_AFFILIATION,
    ASK_ITEMS,
    ASK_ARCHIVE,
    ASK_CONFIG,
    WITNESS_QUERIES
};

static const char *const query_ids[WITNESS_QUERIES] = {"role", "affiliation", "items", "archive",
                                                       "config"};

static struct buf *ask_begin(struct people *people, enum witness_query query, uint32_t room,
                             const char *type, const char *ns)
{
    struct buf *out = connection_out(&people_witness(people)->connection);
    people->open++;
    buf_printf(out, "<iq type='%s' id='%s' to='room%u@%s'><query xmlns='%s'>", type,
               query_ids[query], room, people->victim.service, ns);
    return out;
}

static void ask_end(struct buf *out)
{
    buf_add_text(out, "</query></iq>");
}

static void ask_list(struct people *people, uint32_t room, enum witness_query query,
                     const char *value)
{
    struct buf *out = ask_begin(people, query, room, "get", NS_MUC_ADMIN);
    buf_printf(out, "<item %s='%s'/>", query_ids[query], value);
    ask_end(out);
}

static void ask_archive(struct people *people, uint32_t room)
{
    const struct said_list *page = &people->rooms[room].page;
    struct buf *out = ask_begin(people, ASK_ARCHIVE, room, "set", NS_MAM);
    buf_add_text(out, "<set xmlns='" NS_RSM "'><max>50</max>");
    if (page->count)
        buf_printf(out, "<after>%s</after>", page->items[page->count - 1].id);
    buf_add_text(out, "</set>");
    ask_end(out);
}

static void ask_all(struct people *people, uint32_t room, bool whole)
{
    static const char *const roles[] = {"moderator", "participant", "visitor"};
    static const char *const affiliations[] = {"owner", "admin", "member", "outcast"};
    struct people_room *record = &people->rooms[room];
    record->roles.count = record->items.count = record->page.count = 0;
    memset(record->affiliations, 0, sizeof record->affiliations);
    for (size_t i = 0; !whole && i < record->archive.count; i++)
        *said_add(&record->page) = record->archive.items[i];
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        ask_list(people, room, ASK_ROLE, roles[i]);
    for (size_t i = 0; i < sizeof affiliations / sizeof *affiliations; i++)
        ask_list(people, room, ASK_AFFILIATION, affiliations[i]);
    ask_end(ask_begin(people, ASK_ITEMS, room, "get", NS_DISCO_ITEMS));
    ask_archive(people, room);
}

/* ---- Answers ---- */

static void take_roles(struct people *people, uint32_t room, const xmlNode *iq)
{
    struct buf name = BUF_INIT;
    xmlNode *item = tree_child(tree_child(iq, "query", NS_MUC_ADMIN), "item", NULL);
    for (; item; item = tree_next(item)) {
        tree_attr(item, "nick", &name);
        face_take_item(faces_add(&people->rooms[room].roles, name.data), item);
    }
    buf_free(&name);
}

static void take_affiliations(struct people *people, uint32_t room, const xmlNode *iq)
{
    struct buf jid = BUF_INIT;
    xmlNode *item = tree_child(tree_child(iq, "query", NS_MUC_ADMIN), "item", NULL);
    for (; item; item = tree_next(item)) {
        uint32_t number;
        struct face face = {.jid_count = 0};
        face_take_item(&face, item);
        tree_attr(item, "jid", &jid);
        if (sscanf(jid.data, "user%u@", &number) == 1 && number < people->person_count)
            memcpy(people->rooms[room].affiliations[number], face.affiliation, FACE_STATE);
    }
    buf_free(&jid);
}

static void take_items(struct people *people, uint32_t room, const xmlNode *iq)
{
    struct buf name = BUF_INIT;
    xmlNode *item = tree_child(tree_child(iq, "query", NS_DISCO_ITEMS), "item", NULL);
    for (; item; item = tree_next(item)) {
        tree_attr(item, "name", &name);
        faces_add(&people->rooms[room].items, name.data);
    }
    buf_free(&name);
}

/* The messages of the page have come already. */
static void take_archive(struct people *people, uint32_t room, const xmlNode *iq)
{
    if (!tree_attr_is(tree_child(iq, "fin", NS_MAM), "complete", "true"))
        ask_archive(people, room);
}

static void take_config(struct people *people, uint32_t room, const xmlNode *iq)
{
    (void)people, (void)room, (void)iq;
}

void witness_answer(struct people *people, const char *id, uint32_t room, const xmlNode *iq,
                    bool error)
{
    static void (*const take[WITNESS_QUERIES])(struct people * people, uint32_t room,
                                               const xmlNode *iq) = {
        [ASK_ROLE] = take_roles,    [ASK_AFFILIATION] = take_affiliations,
        [ASK_ITEMS] = take_items,   [ASK_ARCHIVE] = take_archive,
        [ASK_CONFIG] = take_config,
    };
    if (room == people->room_count) {
        people->up = people->up || (!error && strcmp(id, "up") == 0);
        return;
    }
    for (size_t i = 0; i < WITNESS_QUERIES && people->open > 0; i++) {
        if (strcmp(id, query_ids[i]) != 0)
            continue;
        people->open--;
        if (error)
            people_fail(people, room, nick, NULL, "room %u: the owner's query for %s is refused",
                        room, id);
        else
            take[i](people, room, iq);
    }
}

/* ---- Waiting ---- */

static bool is_settled(const struct device *device)
{
    for (uint32_t room = 0; room < device->people->room_count; room++) {
        enum view_state state = device->views[room].state;
        if (state == VIEW_JOINING || state == VIEW_LEAVING)
            return false;
    }
    return true;
}

static bool is_calm(const struct people *people)
{
    for (uint32_t i = 0; i < people->device_count; i++) {
        if (!is_settled(&people->devices[i]))
            return false;
    }
    return people->up && people->open == 0 && clock_mono_ms() > people->heard_ms + SILENCE_MS;
}

static bool wait_for_calm(struct people *people)
{
    people->heard_ms = clock_mono_ms();
    for (int64_t end = clock_mono_ms() + CALM_MS; !is_calm(people);) {
        if (clock_mono_ms() > end)
            return people_fail(people, TRACE_EVERYWHERE, NULL, NULL, "no quiet moment came");
        if (!people_turn(people, 100))
            return false;
    }
    return true;
}

/* Waits until the witness is inside all rooms, or out of them. */
static bool wait_for_witness(struct people *people, enum view_state state)
{
    int64_t end = clock_mono_ms() + ANSWER_MS;
    for (uint32_t room = 0; room < people->room_count;) {
        if (people_witness(people)->views[room].state == state)
            room++;
        else if (clock_mono_ms() > end)
            return people_fail(people, room, nick, NULL,
                               "room %u: the witness is %s, but should be %s", room,
                               view_state_words[people_witness(people)->views[room].state],
                               view_state_words[state]);
        else if (!people_turn(people, 100))
            return false;
    }
    return true;
}

/* ---- The rooms ---- */

static void open_room(struct people *people, uint32_t room)
{
    struct buf *out = ask_begin(people, ASK_CONFIG, room, "set", NS_MUC_OWNER);
    buf_printf(out,
               "<x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG
               "</value></field><field var='muc#roomconfig_persistentroom'><value>1</value></field>"
               "<field var='muc#roomconfig_whois'><value>%s</value></field></x>",
               agreement_is_nonanonymous(room) ? "anyone" : "moderators");
    ask_end(out);
    out = ask_begin(people, ASK_CONFIG, room, "set", NS_MUC_ADMIN);
    static const char *const ranks[] = {"owner", "admin", "member", "member"};
    for (uint32_t i = 0; i < sizeof ranks / sizeof *ranks && i < people->person_count - 1; i++) {
        const struct people_person *person =
            &people->persons[(room + i) % (people->person_count - 1)];
        buf_printf(out, "<item jid='user%u@%s' affiliation='%s'/>", person->number,
                   person->server->domain, ranks[i]);
    }
    ask_end(out);
}

static bool witness_enters(struct people *people)
{
    for (uint32_t room = 0; room < people->room_count; room++)
        device_join(people_witness(people), room, nick);
    return wait_for_witness(people, VIEW_INSIDE);
}

static bool witness_leaves(struct people *people)
{
    for (uint32_t room = 0; room < people->room_count; room++)
        device_leave(people_witness(people), room);
    return wait_for_witness(people, VIEW_OUT);
}

bool witness_open_rooms(struct people *people)
{
    if (!witness_enters(people))
        return false;
    for (uint32_t room = 0; room < people->room_count; room++)
        open_room(people, room);
    return wait_for_calm(people) && witness_leaves(people);
}

/* ---- Checking ---- */

static bool ask_witness(struct people *people, bool whole)
{
    if (!witness_enters(people))
        return false;
    for (uint32_t room = 0; room < people->room_count; room++) {
        people->rooms[room].mark =
            action_say(people_witness(people), room, "<body>Is everybody there?</body>");
        ask_all(people, room, whole);
    }
    people->checks++;
    return wait_for_calm(people);
}

bool witness_check(struct people *people, bool whole)
{
    struct disagreement found;
    int64_t end;
    bool agreed = false, late = false;
    if (!wait_for_calm(people))
        return false;
    for (end = clock_mono_ms() + AGREE_MS; !agreed && !late;) {
        late = clock_mono_ms() > end;
        if (!ask_witness(people, whole))
            return false;
        agreed = agreement_check(people, &found);
        if (!agreed && late)
            return people_fail(people, found.room, found.one, found.other, "%s", found.text);
        if (!witness_leaves(people))
            return false;
    }
    people->quiet_moments++;
    return agreement_settle(people);
}
