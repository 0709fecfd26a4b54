#include "affiliate.h"

#include <stdlib.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "leave.h"
#include "muc/say/deliver.h"
#include "muc/say/draft.h"
#include "muc/say/presence.h"
#include "muc/state/affiliation.h"
#include "muc/state/applicant.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"

static void add_change(struct presence_event *event, const struct change *change)
{
    event->actor = change->actor;
    event->reason = change->reason;
}

/* Sets the role, renders the presence again, and tells everybody. */
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
        presence_reveal(occupant);
}

void affiliate_role(struct occupant *occupant, enum role role, const struct change *change)
{
    if (role != occupant->role)
        restate(occupant, role, change);
}

/* ---- Those inside ---- */

/* Is the occupant a user of that domain, or the domain itself? */
static bool is_of(const struct occupant *occupant, struct span domain)
{
    return domain_covers(domain, domain_of(span_of(occupant_bare(occupant))));
}

static void expel(struct occupant *occupant, int code, const struct change *change)
{
    struct presence_event event = presence_event_gone(occupant);
    presence_event_code(&event, code);
    add_change(&event, change);
    leave_silence(occupant);
    leave_occupant(occupant, &event);
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

/* The occupants concerned, by nick, with their affiliation before. Holds nicks, because applying
 * the change to one occupant may free others. */
struct concerned {
    uint32_t number;
    char *nick;
    enum affiliation from;
};

struct concerned_list {
    struct concerned *items;
    unsigned count;
};

static void note(struct concerned_list *list, const struct occupant *occupant)
{
    struct concerned concerned = {occupant->number, mem_string(occupant_nick(occupant)),
                                  occupant_affiliation(occupant)};
    list->items = mem_resize(list->items, (list->count + 1) * sizeof *list->items);
    list->items[list->count++] = concerned;
}

static struct concerned_list collect(const struct room *room, struct span bare)
{
    struct concerned_list list = {NULL, 0};
    bool all = domain_is(bare);
    struct occupant *occupant = all ? room->occupants : occupant_of_user(room, bare);
    for (; occupant; occupant = all ? occupant->next : occupant->next_same) {
        if (!all || is_of(occupant, bare))
            note(&list, occupant);
    }
    return list;
}

static void apply_all(struct room *room, struct concerned_list *list, const struct change *change)
{
    for (unsigned i = 0; i < list->count; i++) {
        const struct concerned *item = &list->items[i];
        struct occupant *occupant =
            room_is_gone(room) ? NULL : occupant_find(room, span_of(item->nick));
        if (occupant && occupant->number == item->number)
            apply(occupant, item->from, change);
        free(item->nick);
    }
    free(list->items);
}

/* ---- Those outside ---- */

static struct rendered *render_message(struct room *room, struct span to, struct span bare,
                                       const char *code)
{
    const struct affiliation_entry *entry = affiliation_entry(room, bare);
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
    xml_attr_text(&draft.xml, "affiliation", affiliation_name(affiliation_in(room, bare)));
    if (entry && *entry->reason)
        xml_element(&draft.xml, "reason", NULL, span_of(entry->reason));
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    return draft_close(&draft);
}

/* Tells the occupants who may see real JIDs. A ban has its status, as for somebody inside. */
static void announce_absent(struct room *room, struct span bare)
{
    struct outbox *outbox = room->service->outbox;
    const char *code = affiliation_in(room, bare) == AFFILIATION_OUTCAST ? "301" : NULL;
    struct rendered *message = render_message(room, span_of(""), bare, code);
    if (room->config.whois == WHOIS_ANYONE) {
        outbox_fan(outbox, room->audience, message, 0);
        return;
    }
    deliver_to_moderators(room, message, NULL);
    rendered_unref(message);
}

static void tell_absent(struct room *room, struct span bare)
{
    announce_absent(room, bare);
    if (!domain_is(bare))
        outbox_send(room->service->outbox, room->lane, render_message(room, bare, bare, "101"));
}

/* Nobody who is banned keeps a reserved nick (9.1), nor does a user who loses the affiliation,
 * unless the request says so. */
static const char *nick_after(enum affiliation own, enum affiliation affiliation,
                              const struct change *change)
{
    bool lost = affiliation == AFFILIATION_NONE && own != affiliation && !change->nick;
    return lost || affiliation == AFFILIATION_OUTCAST ? "" : change->nick;
}

/* A reason belongs to the affiliation that it was given for. */
static const char *reason_after(enum affiliation own, enum affiliation affiliation,
                                const struct change *change)
{
    return !change->reason && own != affiliation ? "" : change->reason;
}

void affiliate_confirm(const struct room *room, struct span bare, const struct change *change)
{
    struct occupant *occupant = occupant_of_user(room, bare);
    for (; occupant; occupant = occupant->next_same) {
        struct presence_event event = presence_event_of(occupant);
        add_change(&event, change);
        presence_announce(occupant, &event);
    }
}

void affiliate_user(struct room *room, struct span bare, enum affiliation affiliation,
                    const struct change *change)
{
    const struct affiliation_entry *entry = affiliation_entry(room, bare);
    enum affiliation own = entry ? entry->affiliation : AFFILIATION_NONE;
    enum affiliation from = affiliation_in(room, bare);
    struct concerned_list list = collect(room, bare);
    unsigned count = list.count;
    if (room->config.registration == REGISTRATION_APPROVAL && from == AFFILIATION_NONE)
        applicant_remove(room, bare); /* this is the answer */
    affiliation_set(room, bare, affiliation, nick_after(own, affiliation, change),
                    reason_after(own, affiliation, change));
    apply_all(room, &list, change);
    if (count == 0 && affiliation_in(room, bare) != from)
        tell_absent(room, bare);
}
