#include "agreement.h"

#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "device.h"

/* What is being compared. */
struct comparison {
    struct people *people;
    uint32_t room;
    const struct view *truth; /* the view of the witness, who has just joined */
    struct disagreement *found;
};

/* Records that `who` says `what`. The other side is found in the text. */
static bool disagree(const struct comparison *in, const char *who, const char *what)
{
    struct disagreement *found = in->found;
    const char *at = strstr(what, " p"), *message = strstr(what, "not m");
    *found = (struct disagreement){.room = in->room};
    snprintf(found->one, sizeof found->one, "%s", who);
    at = message ? message + 3 : at;
    if (at)
        snprintf(found->other, sizeof found->other, "%.*s", (int)strcspn(at + 1, ". "), at + 1);
    snprintf(found->text, sizeof found->text, "room %u: %s %s", in->room, who, what);
    return false;
}

static bool judge(const struct comparison *in, bool same, const char *who, const char *verb,
                  struct buf *why)
{
    char what[512];
    if (!same) {
        snprintf(what, sizeof what, "%s %s", verb, why->data);
        disagree(in, who, what);
    }
    buf_free(why);
    return same;
}

/* ---- The views of the devices ---- */

static bool sees_real(const struct comparison *in, const struct view *view)
{
    const struct face *face = faces_find(&in->truth->faces, view->nick);
    return view->nonanonymous || (face && strcmp(face->role, "moderator") == 0);
}

static bool check_faces(const struct comparison *in, const struct view *view, const char *label)
{
    struct buf why = BUF_INIT;
    bool same =
        compare_faces(&view->faces, &in->truth->faces, sees_real(in, view), view->nick, &why);
    return judge(in, same, label, "sees", &why);
}

static bool check_subject(const struct comparison *in, const struct view *view, const char *label)
{
    struct buf why = BUF_INIT;
    bool same = !view->subject_sure || strcmp(view->subject, in->truth->subject) == 0;
    if (!same)
        buf_printf(&why, "the subject '%s', which is '%s'", view->subject, in->truth->subject);
    return judge(in, same, label, "sees", &why);
}

static bool check_messages(const struct comparison *in, const struct view *view, const char *label)
{
    struct buf why = BUF_INIT;
    struct said_list *archive = &in->people->rooms[in->room].page;
    bool inside = view->state == VIEW_INSIDE;
    excused_mark(&in->people->excused, archive);
    bool same = compare_messages(&view->seen, archive, inside, &why);
    if (!judge(in, same, label, "sees", &why))
        return false;
    same = compare_messages(&view->read, archive, false, &why);
    return judge(in, same, label, "read from the archive", &why);
}

/* A device that believes to be inside is inside for the room. */
static bool check_self(const struct comparison *in, const struct device *device, const char *label)
{
    char address[VIEW_TEXT], what[2 * VIEW_TEXT + 64];
    const struct view *view = &device->views[in->room];
    const struct face *face = faces_find(&in->truth->faces, view->nick);
    device_address(device, address);
    for (unsigned i = 0; face && i < face->jid_count; i++) {
        if (strcmp(face->jids[i], address) == 0)
            return true;
    }
    snprintf(what, sizeof what, "believes to be inside as %s (%s), but is not", view->nick,
             address);
    return disagree(in, label, what);
}

static bool check_device(const struct comparison *in, const struct device *device)
{
    char label[LABEL_SIZE];
    const struct view *view = &device->views[in->room];
    device_label(device, label);
    if (!check_messages(in, view, label))
        return false;
    if (view->state != VIEW_INSIDE)
        return true;
    return check_self(in, device, label) && check_faces(in, view, label) &&
           check_subject(in, view, label);
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

/* The trace lines of that person's device explain it. */
static void name_session(const char *jid, struct disagreement *found)
{
    uint32_t number = 0;
    const char *slash = strchr(jid, '/');
    sscanf(jid, "user%u@", &number);
    snprintf(found->one, sizeof found->one, "p%u%c", number, slash ? slash[1] : ' ');
    snprintf(found->other, sizeof found->other, "p%u", number);
}

/* An occupant that the room shows believes to be inside, or is a ghost. */
static bool check_session(const struct comparison *in, const struct face *face, const char *jid)
{
    char what[4 * VIEW_TEXT];
    const struct device *device = device_of(in->people, jid);
    const struct view *view = device ? &device->views[in->room] : NULL;
    if (view && !device_is_away(device) &&
        (view->state == VIEW_GHOST ||
         (view->state == VIEW_INSIDE && strcmp(view->nick, face->nick) == 0)))
        return true;
    snprintf(what, sizeof what, "says that %s is inside as %s, who %s%s", jid, face->nick,
             !view                    ? "has a different address now"
             : device_is_away(device) ? "is offline, and is "
                                      : "believes to be ",
             view ? view_state_words[view->state] : "");
    disagree(in, "the room", what);
    name_session(jid, in->found);
    return false;
}

static bool check_affiliation(const struct comparison *in, const struct face *face, const char *jid)
{
    uint32_t number;
    char what[4 * VIEW_TEXT];
    const struct people *people = in->people;
    if (sscanf(jid, "user%u@", &number) != 1 || number >= people->person_count)
        return true;
    const char *listed = people->rooms[in->room].affiliations[number];
    if (strcmp(*listed ? listed : "none", face->affiliation) == 0)
        return true;
    snprintf(what, sizeof what, "shows %s as %s, but lists it as %s", face->nick, face->affiliation,
             *listed ? listed : "none");
    return disagree(in, "the room", what);
}

static bool check_truth(const struct comparison *in)
{
    const struct faces *faces = &in->truth->faces;
    for (size_t i = 0; i < faces->count; i++) {
        const struct face *face = &faces->list[i];
        for (unsigned k = 0; k < face->jid_count; k++) {
            if (!check_session(in, face, face->jids[k]) ||
                !check_affiliation(in, face, face->jids[k]))
                return false;
        }
    }
    return true;
}

static bool check_nicks(const struct comparison *in, const struct faces *items)
{
    const struct faces *truth = &in->truth->faces;
    char what[2 * VIEW_TEXT];
    for (size_t i = 0; i < truth->count; i++) {
        snprintf(what, sizeof what, "does not list %s", truth->list[i].nick);
        if (!faces_find(items, truth->list[i].nick))
            return disagree(in, "disco#items", what);
    }
    snprintf(what, sizeof what, "lists %zu people, but %zu are inside", items->count, truth->count);
    return items->count == truth->count || disagree(in, "disco#items", what);
}

static bool check_lists(const struct comparison *in)
{
    const struct people_room *record = &in->people->rooms[in->room];
    struct buf why = BUF_INIT;
    bool same = compare_ranks(&record->roles, &in->truth->faces, &why);
    if (!judge(in, same, "the lists of roles", "have", &why) || !check_nicks(in, &record->items))
        return false;
    same = compare_archives(&record->archive, &record->page, &why);
    return judge(in, same, "the archive", "has", &why);
}

static bool check_room(const struct comparison *in)
{
    const struct people *people = in->people;
    if (!check_lists(in) || !check_truth(in))
        return false;
    for (uint32_t i = 0; i < people->device_count; i++) {
        if (!check_device(in, &people->devices[i]))
            return false;
    }
    return true;
}

bool agreement_check(struct people *people, struct disagreement *found)
{
    for (uint32_t room = 0; room < people->room_count; room++) {
        struct comparison in = {people, room, &people_witness(people)->views[room], found};
        if (!check_room(&in))
            return false;
    }
    return true;
}

/* ---- After a check ---- */

/* Keeps the last message: the next one has to follow it. */
static void keep_last(struct view *view)
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
            keep_last(&people->devices[i].views[room]);
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
