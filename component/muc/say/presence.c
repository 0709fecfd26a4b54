#include "presence.h"

#include <string.h>

#include "coven/bug.h"
#include "coven/ns.h"
#include "deliver.h"
#include "draft.h"
#include "muc/state/actor.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"

struct presence_event presence_event_of(const struct occupant *occupant)
{
    return (struct presence_event){
        .role = occupant->role,
        .affiliation = occupant_affiliation(occupant),
        .payload = blob_span(occupant_face(occupant)->presence),
    };
}

struct presence_event presence_event_gone(const struct occupant *occupant)
{
    return (struct presence_event){
        .unavailable = true,
        .role = ROLE_NONE,
        .affiliation = occupant_affiliation(occupant),
    };
}

void presence_event_code(struct presence_event *event, int code)
{
    int i = 0;
    while (i < PRESENCE_CODES_MAX && event->codes[i] != 0)
        i++;
    coven_assert(i < PRESENCE_CODES_MAX);
    event->codes[i] = code;
}

/* Whom the stanza is for, which decides what is in it. */
enum viewer {
    TO_OTHERS, /* real JIDs only for those who may see them */
    TO_ITSELF, /* its own JIDs always, and status 110 unless probed */
};

static void write_status(struct xml *xml, int code)
{
    xml_open(xml, "status", NULL);
    xml_attr_number(xml, "code", code);
    xml_close(xml);
}

static void write_jid(struct draft *draft, struct span jid, enum viewer viewer)
{
    if (viewer == TO_OTHERS)
        draft_real_begin(draft);
    xml_attr(&draft->xml, "jid", jid);
    if (viewer == TO_OTHERS)
        draft_real_end(draft);
}

static void write_rank(struct xml *xml, const struct presence_event *event)
{
    xml_attr_text(xml, "affiliation", affiliation_name(event->affiliation));
    xml_attr_text(xml, "role", role_name(event->role));
}

/* Those who do not see real JIDs see nothing of an actor who is not inside. */
static void write_outsider(struct draft *draft, const struct actor *actor, enum viewer viewer)
{
    xml_end_tag(&draft->xml); /* for those who see nothing, too */
    if (viewer == TO_OTHERS)
        draft_real_begin(draft);
    xml_open(&draft->xml, "actor", NULL);
    xml_attr_text(&draft->xml, "jid", actor->jid);
    xml_close(&draft->xml);
    if (viewer == TO_OTHERS)
        draft_real_end(draft);
}

/* Is the actor the occupant itself? Nobody needs to be told its own address. */
static bool is_own_act(const struct occupant *occupant, const struct actor *actor)
{
    return actor->nick && strcmp(actor->nick, occupant_nick(occupant)) == 0;
}

static void write_actor(struct draft *draft, const struct occupant *occupant,
                        const struct actor *actor, enum viewer viewer)
{
    bool shows_jid =
        viewer == TO_OTHERS || (occupant_sees_real(occupant) && !is_own_act(occupant, actor));
    if (!actor->nick) {
        if (shows_jid)
            write_outsider(draft, actor, viewer);
        return;
    }
    xml_open(&draft->xml, "actor", NULL);
    xml_attr_text(&draft->xml, "nick", actor->nick);
    if (shows_jid)
        write_jid(draft, span_of(actor->jid), viewer);
    xml_close(&draft->xml);
}

/* Writes the item; for those who see real JIDs one more for each further session. */
static void write_items(struct draft *draft, const struct occupant *occupant,
                        const struct presence_event *event, enum viewer viewer)
{
    struct xml *xml = &draft->xml;
    const struct session *first = event->only ? event->only : occupant->sessions;
    xml_open(xml, "item", NULL);
    write_rank(xml, event);
    xml_attr_text(xml, "nick", event->new_nick);
    write_jid(draft, session_jid(first), viewer);
    if (event->actor && event->actor->jid)
        write_actor(draft, occupant, event->actor, viewer);
    if (event->reason)
        xml_element(xml, "reason", NULL, span_of(event->reason));
    xml_close(xml);
    if (event->only || !first->next)
        return;
    if (viewer == TO_OTHERS)
        draft_real_begin(draft);
    for (const struct session *session = first->next; session; session = session->next) {
        xml_open(xml, "item", NULL);
        write_rank(xml, event);
        xml_attr(xml, "jid", session_jid(session));
        xml_close(xml);
    }
    if (viewer == TO_OTHERS)
        draft_real_end(draft);
}

static void write_muc_user(struct draft *draft, const struct occupant *occupant,
                           const struct presence_event *event, enum viewer viewer)
{
    struct xml *xml = &draft->xml;
    xml_open(xml, "x", NS_MUC_USER);
    if (event->extra)
        event->extra(xml, event->extra_user);
    for (int i = 0; i < PRESENCE_CODES_MAX && event->codes[i]; i++)
        write_status(xml, event->codes[i]);
    write_items(draft, occupant, event, viewer);
    if (viewer == TO_ITSELF && !event->probed)
        write_status(xml, 110);
    xml_close(xml);
}

static void write_children(struct draft *draft, const struct occupant *occupant,
                           const struct presence_event *event, enum viewer viewer)
{
    xml_raw(&draft->xml, event->payload);
    xml_open(&draft->xml, "occupant-id", NS_OCCUPANT_ID);
    xml_attr_text(&draft->xml, "id", occupant->id);
    xml_close(&draft->xml);
    write_muc_user(draft, occupant, event, viewer);
}

static struct rendered *render_others(const struct occupant *occupant,
                                      const struct presence_event *event, const char *id)
{
    const char *type = event->unavailable ? "unavailable" : NULL;
    struct draft draft =
        draft_open(occupant->room->service, "presence", occupant_address(occupant), type, id);
    draft_to_each(&draft);
    write_children(&draft, occupant, event, TO_OTHERS);
    return draft_close(&draft);
}

struct rendered *presence_render(const struct occupant *occupant)
{
    struct presence_event event = presence_event_of(occupant);
    return render_others(occupant, &event, NULL);
}

void presence_show(const struct occupant *occupant, const struct session *viewer, const char *id)
{
    struct presence_event event = presence_event_of(occupant);
    struct rendered *stanza = render_others(occupant, &event, id);
    deliver_to_session(viewer, stanza);
    rendered_unref(stanza);
}

static bool is_plain(const struct presence_event *event)
{
    return !event->unavailable && event->codes[0] == 0 && !event->actor && !event->reason &&
           !event->extra;
}

static void fan(const struct occupant *occupant, struct rendered *stanza)
{
    struct room *room = occupant->room;
    outbox_fan(room->service->outbox, room->audience, stanza, occupant->number);
}

void presence_to_others(const struct occupant *occupant, const struct presence_event *event)
{
    if (!event->unavailable)
        occupant_note_change(occupant);
    if (!occupant_is_shown(occupant))
        return;
    bool as_seen = is_plain(event) && occupant->presence;
    struct rendered *stanza =
        as_seen ? rendered_ref(occupant->presence) : render_others(occupant, event, NULL);
    if (event->unavailable)
        journal_keep(event->only ? event->only : occupant->sessions, JOURNAL_ROOM, stanza);
    fan(occupant, stanza);
}

/* If only those who see real JIDs see a difference, such as one session more, only they are told.
 */
void presence_update(const struct occupant *occupant, const struct rendered *before)
{
    struct room *room = occupant->room;
    struct rendered *now = occupant->presence;
    if (!now || (before && rendered_equal(before, now, true)))
        return;
    occupant_note_change(occupant);
    if (before && room->config.whois != WHOIS_ANYONE && rendered_equal(before, now, false))
        deliver_to_moderators(room, now, occupant);
    else
        fan(occupant, rendered_ref(now));
}

void presence_repeat(const struct occupant *occupant)
{
    if (occupant->presence)
        fan(occupant, rendered_ref(occupant->presence));
}

void presence_of_others(const struct session *session)
{
    const struct occupant *occupant = session->occupant;
    struct room *room = occupant->room;
    outbox_crowd(room->service->outbox, room->audience, session->address,
                 occupant_sees_real(occupant), occupant->number);
}

void presence_reveal(const struct occupant *occupant)
{
    for (const struct session *session = occupant->sessions; session; session = session->next)
        presence_of_others(session);
}

void presence_to_session(const struct session *session, const struct presence_event *event)
{
    const struct occupant *occupant = session->occupant;
    struct room *room = occupant->room;
    const char *type = event->unavailable ? "unavailable" : NULL;
    struct draft draft =
        draft_open(room->service, "presence", occupant_address(occupant), type, event->id);
    draft_to(&draft, session_jid(session));
    write_children(&draft, occupant, event, TO_ITSELF);
    struct rendered *stanza = draft_close(&draft);
    if (event->unavailable)
        journal_keep(session, JOURNAL_ITSELF, stanza);
    outbox_send(room->service->outbox, room->lane, stanza);
}

void presence_echo(const struct session *session, const struct presence_event *event)
{
    struct presence_event echo = *event;
    if (!event->unavailable)
        echo.payload = blob_span(session->presence);
    presence_to_session(session, &echo);
}

/* `except` NULL: to all sessions. */
static void to_sessions(const struct occupant *occupant, const struct session *except,
                        const struct presence_event *event)
{
    struct presence_event without_id = *event;
    without_id.id = NULL;
    for (const struct session *session = occupant->sessions; session; session = session->next) {
        if (session != except)
            presence_to_session(session, &without_id);
    }
}

void presence_to_fellows(const struct session *session, const struct presence_event *event)
{
    to_sessions(session->occupant, session, event);
}

void presence_to_self(const struct occupant *occupant, const struct presence_event *event)
{
    to_sessions(occupant, NULL, event);
}

void presence_vanish(const struct occupant *occupant)
{
    struct presence_event event = presence_event_gone(occupant);
    struct rendered *stanza = render_others(occupant, &event, NULL);
    journal_keep(occupant->sessions, JOURNAL_OTHERS, stanza);
    fan(occupant, stanza);
}

void presence_announce(const struct occupant *occupant, const struct presence_event *event)
{
    presence_to_others(occupant, event);
    presence_to_self(occupant, event);
}
