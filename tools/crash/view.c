#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "tree.h"

#define ON_ITS_WAY_MS 1000 /* so long what covend sent before it was struck may still come */

const char *const view_state_words[VIEW_STATES] = {"out", "joining", "inside", "leaving",
                                                   "a ghost"};

/* ---- Faces ---- */

struct face *faces_find(const struct faces *faces, const char *nick)
{
    for (size_t i = 0; i < faces->count; i++) {
        if (strcmp(faces->list[i].nick, nick) == 0)
            return &faces->list[i];
    }
    return NULL;
}

struct face *faces_add(struct faces *faces, const char *nick)
{
    struct face *face = faces_find(faces, nick);
    if (face)
        return face;
    if (faces->count == faces->size) {
        faces->size = faces->size ? 2 * faces->size : 16;
        faces->list = mem_resize(faces->list, faces->size * sizeof *faces->list);
    }
    face = &faces->list[faces->count++];
    *face = (struct face){.jid_count = 0};
    snprintf(face->nick, sizeof face->nick, "%s", nick);
    return face;
}

void faces_remove(struct faces *faces, const char *nick)
{
    struct face *face = faces_find(faces, nick);
    if (face)
        *face = faces->list[--faces->count];
}

void face_describe(const struct face *face, struct buf *out)
{
    buf_printf(out, "%s %s/%s show '%s' status '%s'", face->nick, face->role, face->affiliation,
               face->show, face->status);
    for (unsigned i = 0; i < face->jid_count; i++)
        buf_printf(out, "%s%s", i ? " " : " of ", face->jids[i]);
}

static void take_text(const xmlNode *element, char *text, size_t size)
{
    struct buf content = BUF_INIT;
    tree_text(element, &content);
    snprintf(text, size, "%s", content.data);
    buf_free(&content);
}

static void take_attr(const xmlNode *element, const char *name, char *text, size_t size)
{
    struct buf value = BUF_INIT;
    tree_attr(element, name, &value);
    snprintf(text, size, "%s", value.data);
    buf_free(&value);
}

/* Each once, and in order. */
static void add_jid(struct face *face, const char *jid)
{
    unsigned at = 0;
    while (at < face->jid_count && strcmp(face->jids[at], jid) < 0)
        at++;
    if ((at < face->jid_count && strcmp(face->jids[at], jid) == 0) || face->jid_count == FACE_JIDS)
        return;
    memmove(face->jids[at + 1], face->jids[at], (face->jid_count - at) * sizeof *face->jids);
    snprintf(face->jids[at], sizeof face->jids[at], "%s", jid);
    face->jid_count++;
}

void face_take_item(struct face *face, const xmlNode *item)
{
    char jid[VIEW_TEXT];
    take_attr(item, "role", face->role, sizeof face->role);
    take_attr(item, "affiliation", face->affiliation, sizeof face->affiliation);
    take_attr(item, "jid", jid, sizeof jid);
    if (*jid)
        add_jid(face, jid);
}

/* ---- Messages ---- */

static bool take_id(const xmlNode *message, char id[MESSAGE_ID_LEN + 1])
{
    take_attr(tree_child(message, "stanza-id", NS_SID), "id", id, MESSAGE_ID_LEN + 1);
    return *id != '\0';
}

static bool sets_subject(const xmlNode *message)
{
    return tree_child(message, "subject", NULL) && !tree_child(message, "body", NULL);
}

uint32_t view_number(const xmlNode *message)
{
    char id[VIEW_TEXT];
    uint32_t number = 0;
    take_attr(message, "id", id, sizeof id);
    if (sets_subject(message) || sscanf(id, "m%u", &number) != 1)
        return 0;
    return number;
}

static void see(struct view *view, const struct said *said)
{
    *said_add(&view->seen) = *said;
}

void view_break(struct view *view)
{
    bool disrupted = clock_mono_ms() < view->disrupted_ms + ON_ITS_WAY_MS;
    see(view, &(struct said){.number = SEEN_STAY, .stay = disrupted ? VIEW_ON_ITS_WAY : 0});
}

/* History that begins, or begins again, is no continuation of what was seen. */
static void see_message(struct view *view, const struct said *said)
{
    const struct said *last = view->seen.count ? &view->seen.items[view->seen.count - 1] : NULL;
    if (last && said->stay == VIEW_PAST &&
        (last->stay != VIEW_PAST || strcmp(said->id, last->id) <= 0))
        view_break(view);
    see(view, said);
}

bool view_message(struct view *view, const xmlNode *message)
{
    struct said said = {.number = view_number(message)};
    if (sets_subject(message)) {
        take_text(tree_child(message, "subject", NULL), view->subject, sizeof view->subject);
        view->subject_sure = true;
        return false;
    }
    if (said.number < SEEN_FIRST || !take_id(message, said.id))
        return false;
    said.stay = tree_child(message, "delay", NS_DELAY) ? VIEW_PAST : 0;
    see_message(view, &said);
    return true;
}

/* History is what was said, and not taken back. */
bool view_archived(const xmlNode *message, struct said *said)
{
    bool kept = !tree_child(message, "retract", NS_RETRACT) &&
                !tree_child(message, "retracted", NS_RETRACT);
    *said = (struct said){.number = view_number(message), .stay = kept ? 0 : VIEW_NO_HISTORY};
    return said->number >= SEEN_FIRST && take_id(message, said->id);
}

/* ---- Presence ---- */

static void take_face(struct view *view, const char *nick, const xmlNode *presence)
{
    xmlNode *x = tree_child(presence, "x", NS_MUC_USER);
    struct face *face = faces_add(&view->faces, nick);
    face->jid_count = 0;
    for (xmlNode *item = tree_child(x, "item", NULL); item; item = tree_next(item))
        face_take_item(face, item);
    take_text(tree_child(presence, "show", NULL), face->show, sizeof face->show);
    take_text(tree_child(presence, "status", NULL), face->status, sizeof face->status);
}

/* Who is no moderator any more forgets who people are. */
static void forget_addresses(struct view *view, const char *own)
{
    const struct face *face = faces_find(&view->faces, own);
    bool knows = view->nonanonymous || strcmp(face->role, "moderator") == 0;
    for (size_t i = 0; i < view->faces.count && !knows; i++) {
        if (&view->faces.list[i] != face)
            view->faces.list[i].jid_count = 0;
    }
}

/* Who left does not come back because the room has not heard of it; and who asked to enter is
 * inside when that is answered, not when the room tells again how it was inside before. */
static bool is_entry(const struct view *view, const xmlNode *presence)
{
    if (view->state == VIEW_JOINING)
        return tree_attr_is(presence, "id", view->join);
    return view->state == VIEW_OUT || view->state == VIEW_INSIDE;
}

static enum view_change enter(struct view *view, const char *nick, const xmlNode *presence)
{
    if (!is_entry(view, presence))
        return VIEW_UNCHANGED;
    view->state = VIEW_INSIDE;
    view->renaming = false;
    view->tries = 0;
    snprintf(view->nick, sizeof view->nick, "%s", nick);
    return VIEW_ENTERED;
}

static enum view_change go(struct view *view)
{
    bool joins = view->state == VIEW_JOINING;
    view_forget(view);
    view->state = joins ? VIEW_JOINING : VIEW_OUT;
    return VIEW_LEFT;
}

static enum view_change see_end(struct view *view, const char *nick, const xmlNode *x)
{
    bool own = tree_has_status(x, "110"), renamed = tree_has_status(x, "303");
    faces_remove(&view->faces, nick);
    if (own && renamed && view->state == VIEW_INSIDE) {
        take_attr(tree_child(x, "item", NULL), "nick", view->nick, sizeof view->nick);
        return VIEW_ENTERED;
    }
    return own && !renamed ? go(view) : VIEW_UNCHANGED;
}

enum view_change view_presence(struct view *view, const char *nick, const xmlNode *presence)
{
    xmlNode *x = tree_child(presence, "x", NS_MUC_USER);
    if (tree_attr_is(presence, "type", "unavailable"))
        return see_end(view, nick, x);
    take_face(view, nick, presence);
    if (!tree_has_status(x, "110"))
        return VIEW_UNCHANGED;
    forget_addresses(view, nick);
    return enter(view, nick, presence);
}

/* ---- The whole ---- */

void view_forget(struct view *view)
{
    view->faces.count = 0;
    view->nick[0] = view->subject[0] = '\0';
    view->subject_sure = view->renaming = false;
    view_break(view);
}

void view_disrupt(struct view *view)
{
    view->subject_sure = view->reading = false;
    view->disrupted_ms = clock_mono_ms();
    see(view, &(struct said){.number = SEEN_DISRUPTION});
    *said_add(&view->read) = (struct said){.number = SEEN_STAY};
}

void view_free(struct view *view)
{
    free(view->faces.list);
    said_free(&view->seen);
    said_free(&view->read);
    *view = (struct view){.nonanonymous = view->nonanonymous};
}
