#include "agreement.h"

#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "device.h"

/* Of what is being looked at. */
struct look {
    struct people *people;
    uint32_t room;
    const struct view *truth; /* the witness's, who has just come in */
    struct disagreement *found;
};

/* Who says what; of whom it speaks is found in the text. */
static bool disagree(const struct look *look, const char *who, const char *what)
{
    struct disagreement *found = look->found;
    const char *at = strstr(what, " p"), *message = strstr(what, "not m");
    *found = (struct disagreement){.room = look->room};
    snprintf(found->one, sizeof found->one, "%s", who);
    at = message ? message + 3 : at;
    if (at)
        snprintf(found->other, sizeof found->other, "%.*s", (int)strcspn(at + 1, ". "), at + 1);
    snprintf(found->text, sizeof found->text, "room %u: %s %s", look->room, who, what);
    return false;
}

static bool judge(const struct look *look, bool same, const char *who, const char *verb,
                  struct buf *why)
{
    char what[512];
    if (!same) {
        snprintf(what, sizeof what, "%s %s", verb, why->data);
        disagree(look, who, what);
    }
    buf_free(why);
    return same;
}

/* ---- What each client sees ---- */

static bool sees_real(const struct look *look, const struct view *view)
{
    const struct face *face = faces_find(&look->truth->faces, view->nick);
    return view->nonanonymous || (face && strcmp(face->role, "moderator") == 0);
}

static bool check_faces(const struct look *look, const struct view *view, const char *label)
{
    struct buf why = BUF_INIT;
    bool same =
        compare_faces(&view->faces, &look->truth->faces, sees_real(look, view), view->nick, &why);
    return judge(look, same, label, "sees", &why);
}

static bool check_subject(const struct look *look, const struct view *view, const char *label)
{
    struct buf why = BUF_INIT;
    bool same = !view->subject_sure || strcmp(view->subject, look->truth->subject) == 0;
    if (!same)
        buf_printf(&why, "the subject '%s', which is '%s'", view->subject, look->truth->subject);
    return judge(look, same, label, "sees", &why);
}

static bool check_messages(const struct look *look, const struct view *view, const char *label)
{
    struct buf why = BUF_INIT;
    struct said_list *archive = &look->people->rooms[look->room].page;
    bool inside = view->state == VIEW_INSIDE;
    excused_mark(&look->people->excused, archive);
    bool same = compare_messages(&view->seen, archive, inside, &why);
    if (!judge(look, same, label, "sees", &why))
        return false;
    same = compare_messages(&view->read, archive, false, &why);
    return judge(look, same, label, "was given by the archive", &why);
}

/* The one who is inside, as itself believes, is so for the room. */
static bool check_self(const struct look *look, const struct device *device, const char *label)
{
    char address[VIEW_TEXT], what[2 * VIEW_TEXT + 64];
    const struct view *view = &device->views[look->room];
    const struct face *face = faces_find(&look->truth->faces, view->nick);
    device_address(device, address);
    for (unsigned i = 0; face && i < face->jid_count; i++) {
        if (strcmp(face->jids[i], address) == 0)
            return true;
    }
    snprintf(what, sizeof what, "believes that it is inside as %s (%s), and is not", view->nick,
             address);
    return disagree(look, label, what);
}

static bool check_device(const struct look *look, const struct device *device)
{
    char label[LABEL_SIZE];
    const struct view *view = &device->views[look->room];
    device_label(device, label);
    if (!check_messages(look, view, label))
        return false;
    if (view->state != VIEW_INSIDE)
        return true;
    return check_self(look, device, label) && check_faces(look, view, label) &&
           check_subject(look, view, label);
}

/* ---- What the room says ---- */

static const struct device *device_of(const struct people *people, const char *jid)
{
    char address[VIEW_TEXT];
    for (uint32_t i = 0; i < people->device_count; i++) {
        device_address(&people->devices[i], address);
        if (strcmp(address, jid) == 0)
            return &people->devices[i];
    }
    return NULL;
}

/* What its client did, and heard of itself, is to be told. */
static void name_session(const char *jid, struct disagreement *found)
{
    uint32_t number = 0;
    const char *slash = strchr(jid, '/');
    sscanf(jid, "user%u@", &number);
    snprintf(found->one, sizeof found->one, "p%u%c", number, slash ? slash[1] : ' ');
    snprintf(found->other, sizeof found->other, "p%u", number);
}

/* Whom the room shows is there, and believes to be inside, or is a ghost. */
static bool check_session(const struct look *look, const struct face *face, const char *jid)
{
    char what[4 * VIEW_TEXT];
    const struct device *device = device_of(look->people, jid);
    const struct view *view = device ? &device->views[look->room] : NULL;
    if (view && !device_is_away(device) &&
        (view->state == VIEW_GHOST ||
         (view->state == VIEW_INSIDE && strcmp(view->nick, face->nick) == 0)))
        return true;
    snprintf(what, sizeof what, "says that %s is inside as %s, who %s%s", jid, face->nick,
             !view                    ? "has another address now"
             : device_is_away(device) ? "has no connection, and is "
                                      : "believes to be ",
             view ? view_state_words[view->state] : "");
    disagree(look, "the room", what);
    name_session(jid, look->found);
    return false;
}

static bool check_affiliation(const struct look *look, const struct face *face, const char *jid)
{
    uint32_t number;
    char what[4 * VIEW_TEXT];
    const struct people *people = look->people;
    if (sscanf(jid, "user%u@", &number) != 1 || number >= people->person_count)
        return true;
    const char *listed = people->rooms[look->room].affiliations[number];
    if (strcmp(*listed ? listed : "none", face->affiliation) == 0)
        return true;
    snprintf(what, sizeof what, "shows %s as %s, and lists it as %s", face->nick, face->affiliation,
             *listed ? listed : "none");
    return disagree(look, "the room", what);
}

static bool check_truth(const struct look *look)
{
    const struct faces *faces = &look->truth->faces;
    for (size_t i = 0; i < faces->count; i++) {
        const struct face *face = &faces->list[i];
        for (unsigned k = 0; k < face->jid_count; k++) {
            if (!check_session(look, face, face->jids[k]) ||
                !check_affiliation(look, face, face->jids[k]))
                return false;
        }
    }
    return true;
}

static bool check_nicks(const struct look *look, const struct faces *items)
{
    const struct faces *truth = &look->truth->faces;
    char what[2 * VIEW_TEXT];
    for (size_t i = 0; i < truth->count; i++) {
        snprintf(what, sizeof what, "does not list %s", truth->list[i].nick);
        if (!faces_find(items, truth->list[i].nick))
            return disagree(look, "disco#items", what);
    }
    snprintf(what, sizeof what, "lists %zu people, and %zu are inside", items->count, truth->count);
    return items->count == truth->count || disagree(look, "disco#items", what);
}

static bool check_lists(const struct look *look)
{
    const struct people_room *record = &look->people->rooms[look->room];
    struct buf why = BUF_INIT;
    bool same = compare_ranks(&record->roles, &look->truth->faces, &why);
    if (!judge(look, same, "the lists of roles", "have", &why) ||
        !check_nicks(look, &record->items))
        return false;
    same = compare_archives(&record->archive, &record->page, &why);
    return judge(look, same, "the archive", "has", &why);
}

static bool check_room(const struct look *look)
{
    const struct people *people = look->people;
    if (!check_lists(look) || !check_truth(look))
        return false;
    for (uint32_t i = 0; i < people->device_count; i++) {
        if (!check_device(look, &people->devices[i]))
            return false;
    }
    return true;
}

bool agreement_check(struct people *people, struct disagreement *found)
{
    for (uint32_t room = 0; room < people->room_count; room++) {
        struct look look = {people, room, &people_witness(people)->views[room], found};
        if (!check_room(&look))
            return false;
    }
    return true;
}

/* ---- Going on ---- */

/* The next message has to follow the last one. */
static void go_on(struct view *view)
{
    struct said_list *seen = &view->seen;
    if (seen->count) {
        seen->items[0] = seen->items[seen->count - 1];
        seen->count = 1;
    }
    view->read.count = 0;
    view->renaming = view->reading = false;
}

bool agreement_settle(struct people *people)
{
    struct buf why = BUF_INIT;
    for (uint32_t room = 0; room < people->room_count; room++) {
        struct said_list *archive = &people->rooms[room].archive;
        const struct said_list *page = &people->rooms[room].page;
        for (size_t i = archive->count; i < page->count; i++)
            *said_add(archive) = page->items[i];
    }
    for (uint32_t i = 0; i < people->device_count; i++) {
        for (uint32_t room = 0; room < people->room_count; room++)
            go_on(&people->devices[i].views[room]);
    }
    for (uint32_t i = 0; i < people->person_count; i++)
        people->persons[i].dropped = false;
    uint32_t room = 0;
    bool came = private_settle(&people->private_messages, &room, &why);
    if (!came)
        people_fail(people, room, NULL, NULL, "%s", why.data);
    buf_free(&why);
    return came;
}
