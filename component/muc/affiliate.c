#include "affiliate.h"

#include <stdlib.h>
#include <string.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "draft.h"
#include "leave.h"
#include "occupant.h"
#include "presence.h"
#include "room.h"
#include "service_state.h"

static void add_change(struct presence_event *event, const struct change *change)
{
    event->actor_nick = change->actor_nick;
    event->reason = change->reason;
}

/* A new moderator of a semi-anonymous room sees who everybody is. */
static void reveal(const struct occupant *occupant)
{
    for (const struct session *session = occupant->sessions; session; session = session->next)
        presence_of_others(session);
}

/* Sets role and shown presence anew, and tells everybody. */
static void restate(struct occupant *occupant, enum role role, const struct change *change)
{
    bool saw = occupant_sees_real(occupant), shown = occupant_is_shown(occupant);
    occupant_set_role(occupant, role);
    if (shown && !occupant_is_shown(occupant))
        presence_vanish(occupant);
    struct presence_event event = presence_event_of(occupant);
    add_change(&event, change);
    presence_announce(occupant, &event);
    if (!saw && occupant_sees_real(occupant))
        reveal(occupant);
}

void role_change(struct occupant *occupant, enum role role, const struct change *change)
{
    if (role != occupant->role)
        restate(occupant, role, change);
}

/* ---- Those inside ---- */

static bool concerns(const struct occupant *occupant, struct span bare)
{
    struct span user = span_of(occupant_bare(occupant));
    bool is_user = memchr(bare.at, '@', bare.len) != NULL;
    return is_user ? span_equal(bare, user) : domain_covers(bare, domain_of(user));
}

static void expel(struct occupant *occupant, int code, const struct change *change)
{
    struct presence_event event = presence_event_gone(occupant);
    presence_event_code(&event, code);
    add_change(&event, change);
    occupant_silence(occupant);
    occupant_depart(occupant, &event);
}

static void apply(struct occupant *occupant, enum affiliation from, const struct change *change)
{
    struct room *room = occupant->room;
    enum affiliation to = occupant_affiliation(occupant);
    if (to == from)
        return;
    if (to == AFFILIATION_OUTCAST)
        expel(occupant, 301, change);
    else if (to < AFFILIATION_MEMBER && room->config.members_only)
        expel(occupant, 321, change);
    else
        restate(occupant, role_after_change(occupant->role, from, to, room->config.moderated),
                change);
}

/* The numbers of the occupants concerned, and their affiliation before: applying one may free
 * others. */
struct concerned {
    uint32_t number;
    char *nick;
    enum affiliation from;
};

static unsigned collect(const struct room *room, struct span bare, struct concerned **list_r)
{
    unsigned count = 0;
    struct concerned *list = NULL;
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->next) {
        if (!concerns(occupant, bare))
            continue;
        list = mem_resize(list, (count + 1) * sizeof *list);
        list[count++] = (struct concerned){occupant->number, mem_string(occupant_nick(occupant)),
                                           occupant_affiliation(occupant)};
    }
    *list_r = list;
    return count;
}

static void apply_all(struct room *room, struct concerned *list, unsigned count,
                      const struct change *change)
{
    for (unsigned i = 0; i < count; i++) {
        struct occupant *occupant = room->gone ? NULL : occupant_find(room, span_of(list[i].nick));
        if (occupant && occupant->number == list[i].number)
            apply(occupant, list[i].from, change);
        free(list[i].nick);
    }
    free(list);
}

/* ---- Those outside ---- */

static struct rendered *render_message(struct room *room, struct span to, struct span bare,
                                       const char *code)
{
    const struct affiliation_entry *entry = room_affiliation_entry(room, bare);
    struct draft draft = draft_open(room->service, "message", room_address(room), NULL, NULL);
    if (to.len > 0)
        draft_to(&draft, to);
    else
        draft_to_each(&draft);
    xml_open(&draft.xml, "x", NS_MUC_USER);
    if (code) {
        xml_open(&draft.xml, "status", NULL);
        xml_attr_text(&draft.xml, "code", code);
        xml_close(&draft.xml);
    }
    xml_open(&draft.xml, "item", NULL);
    xml_attr(&draft.xml, "jid", bare);
    xml_attr_text(&draft.xml, "affiliation", affiliation_name(room_affiliation(room, bare)));
    if (entry && *entry->reason)
        xml_element(&draft.xml, "reason", NULL, span_of(entry->reason));
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    return draft_close(&draft);
}

/* Those inside who may know whose affiliation it is. */
static void announce_absent(struct room *room, struct span bare)
{
    struct outbox *outbox = room->service->outbox;
    if (room->config.whois == WHOIS_ANYONE) {
        outbox_fan(outbox, room->roster, render_message(room, span_of(""), bare, NULL), 0);
        return;
    }
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->next) {
        struct session *session = occupant_sees_real(occupant) ? occupant->sessions : NULL;
        for (; session; session = session->next)
            outbox_send(outbox, room->lane, render_message(room, session_jid(session), bare, NULL));
    }
}

static void tell_absent(struct room *room, struct span bare)
{
    announce_absent(room, bare);
    bool user = memchr(bare.at, '@', bare.len) != NULL;
    if (user)
        outbox_send(room->service->outbox, room->lane, render_message(room, bare, bare, "101"));
}

/* A nick is reserved for nobody who is banned (9.1), and not for who no longer belongs to the room,
 * unless that was asked for. */
static const char *nick_after(enum affiliation affiliation, const struct change *change)
{
    bool lost = affiliation == AFFILIATION_NONE && !change->nick;
    return lost || affiliation == AFFILIATION_OUTCAST ? "" : change->nick;
}

void affiliation_change(struct room *room, struct span bare, enum affiliation affiliation,
                        const struct change *change)
{
    struct concerned *list = NULL;
    enum affiliation from = room_affiliation(room, bare);
    unsigned count = collect(room, bare, &list);
    room_set_affiliation(room, bare, affiliation, nick_after(affiliation, change),
                         change->reason ? change->reason : "");
    apply_all(room, list, count, change);
    if (count == 0 && room_affiliation(room, bare) != from)
        tell_absent(room, bare);
}
