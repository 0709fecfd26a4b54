#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "tree.h"

#define ON_ITS_WAY_MS 1000 /* so long after a disruption, earlier stanzas may still arrive */

const char *const view_state_words[VIEW_STATES] = {"out", "joining", "inside", "leaving",
                                                   "a ghost"};

/* ---- Messages ---- */

static bool take_id(const xmlNode *message, char id[MESSAGE_ID_LEN + 1])
{
    tree_copy_attr(tree_child(message, "stanza-id", NS_SID), "id", id, MESSAGE_ID_LEN + 1);
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
    tree_copy_attr(message, "id", id, sizeof id);
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

/* History that begins, or begins again, does not continue what was seen. */
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
        tree_copy_text(tree_child(message, "subject", NULL), view->subject, sizeof view->subject);
        view->subject_sure = true;
        return false;
    }
    if (said.number < SEEN_FIRST || !take_id(message, said.id))
        return false;
    said.stay = tree_child(message, "delay", NS_DELAY) ? VIEW_PAST : 0;
    see_message(view, &said);
    return true;
}

/* History leaves out what was retracted, and what is only about another message. */
bool view_archived(const xmlNode *message, struct said *said)
{
    bool kept = !tree_child(message, "retract", NS_RETRACT) &&
                !tree_child(message, "retracted", NS_RETRACT) &&
                !tree_child(message, "reactions", NS_REACTIONS);
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
    tree_copy_text(tree_child(presence, "show", NULL), face->show, sizeof face->show);
    tree_copy_text(tree_child(presence, "status", NULL), face->status, sizeof face->status);
}

/* Somebody who is no longer a moderator forgets the addresses. */
static void forget_addresses(struct view *view, const char *own)
{
    const struct face *face = faces_find(&view->faces, own);
    bool knows = view->nonanonymous || strcmp(face->role, "moderator") == 0;
    for (size_t i = 0; i < view->faces.count && !knows; i++) {
        if (&view->faces.list[i] != face)
            view->faces.list[i].jid_count = 0;
    }
}

/* Is this own presence a join? Somebody who left stays out even though the room has not heard of
 * it; somebody who is joining is inside when his join is answered, not when the room repeats the
 * presence from before. */
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
        tree_copy_attr(tree_child(x, "item", NULL), "nick", view->nick, sizeof view->nick);
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

/* ---- The view ---- */

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
