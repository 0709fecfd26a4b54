/* Changes of roles and affiliations (muc#admin; XEP-0045, 8, 9 and 10.3 to 10.8). A request with
 * several items is carried out whole or not at all. */

#include <stdlib.h>
#include <string.h>

#include "admin_item.h"
#include "affiliate.h"
#include "audit.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "kick.h"
#include "muc/say/answer.h"
#include "muc/say/invitation.h"
#include "muc/state/access.h"
#include "muc/state/actor.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

/* ---- Carrying out ---- */

struct work {
    struct request *request;
    struct admin_item *items;
    unsigned count;
    struct rank actor; /* the sender */
    struct actor who;  /* the same, for those who are told */
};

static struct change change_of(const struct work *work, const struct admin_item *item)
{
    return (struct change){.actor = &work->who, .reason = item->reason, .nick = item->nick};
}

static struct occupant *victim_of(const struct work *work, const struct admin_item *item)
{
    bool kick = item->kind == ITEM_ROLE && item->role == ROLE_NONE;
    return kick ? occupant_find(work->request->room, span_of(item->target_nick)) : NULL;
}

static void log_role(const struct work *work, const struct admin_item *item,
                     const struct occupant *occupant)
{
    const char *nick = item->target_nick, *bare = occupant_bare(occupant);
    if (item->role == ROLE_NONE)
        audit_log(work->request, "kicks %s (%s)", nick, bare);
    else
        audit_log(work->request, "gives %s (%s) the role %s", nick, bare, role_name(item->role));
}

/* Does a moderator silence somebody? It counts as such even if the room's setting has made the
 * occupant a visitor. */
static bool silences(const struct work *work, const struct admin_item *item,
                     const struct occupant *occupant)
{
    struct rank target = {occupant_affiliation(occupant), ROLE_PARTICIPANT};
    return item->role == ROLE_VISITOR &&
           privilege_role_change(work->actor, target, item->role) == VERDICT_GRANTED;
}

static void change_role(const struct work *work, const struct admin_item *item,
                        struct occupant *occupant)
{
    struct change change = change_of(work, item);
    if (silences(work, item, occupant))
        occupant_silence(occupant);
    if (item->role == occupant->role)
        return;
    log_role(work, item, occupant);
    if (item->role == ROLE_NONE)
        kick_remove(occupant, &work->who, item->reason);
    else
        affiliate_role(occupant, item->role, &change);
}

/* The order of a kick (8.2): first the victim, then the result, then the others. */
static void change_roles(struct work *work)
{
    struct room *room = work->request->room;
    for (unsigned i = 0; i < work->count; i++) {
        struct occupant *victim = victim_of(work, &work->items[i]);
        if (victim)
            kick_tell(victim, &work->who, work->items[i].reason);
    }
    answer_result(work->request);
    for (unsigned i = 0; i < work->count && !room_is_gone(room); i++) {
        struct admin_item *item = &work->items[i];
        struct occupant *occupant = occupant_find(room, span_of(item->target_nick));
        if (occupant) /* no other item has removed it */
            change_role(work, item, occupant);
    }
}

/* An occupant must not keep a nick that becomes reserved for somebody else (9.3). */
static void remove_intruder(struct room *room, const struct admin_item *item)
{
    static const char reason[] = "This nickname is reserved";
    struct occupant *occupant =
        item->nick && *item->nick ? occupant_find(room, span_of(item->nick)) : NULL;
    if (!occupant || span_is(jid_bare(&item->target), occupant_bare(occupant)))
        return;
    kick_tell(occupant, NULL, reason);
    kick_remove(occupant, NULL, reason);
}

/* Invites a user who may enter only now (9.5). The request may have removed its own sender. */
static void invite_member(const struct work *work, const struct admin_item *item)
{
    struct room *room = work->request->room;
    const struct session *session = session_find(room, jid_full(&work->request->from));
    struct invitation invitation = {
        .inviter = session ? invitation_public_jid(session) : room_address(room),
        .invitee = jid_bare(&item->target),
        .reason = item->reason ? item->reason : "",
    };
    struct rendered *stanza = invitation_render(room, &invitation);
    if (stanza)
        outbox_send(room->service->outbox, room->lane, stanza);
}

static void change_affiliation(const struct work *work, const struct admin_item *item)
{
    struct room *room = work->request->room;
    struct span bare = jid_bare(&item->target);
    struct change change = change_of(work, item);
    bool outside = affiliation_in(room, bare) == AFFILIATION_NONE && item->target.node_len > 0;
    remove_intruder(room, item);
    if (room_is_gone(room))
        return;
    audit_log(work->request, "gives %.*s the affiliation %s", (int)bare.len, bare.at,
              affiliation_name(item->affiliation));
    affiliate_user(room, bare, item->affiliation, &change);
    if (outside && item->affiliation >= AFFILIATION_MEMBER && room->config.members_only)
        invite_member(work, item);
}

/* Shows a user whose affiliation stays the same to those inside, because the sender may wait for
 * that presence. A list of several items is often sent back whole, with a change among the rest:
 * nobody waits for a presence of each. A sender who could not have given the affiliation has not
 * confirmed it. */
static void confirm_affiliation(const struct work *work, const struct admin_item *item)
{
    struct change change = change_of(work, item);
    if (work->count == 1 && admin_item_is_granted(item, work->request, work->actor))
        affiliate_confirm(work->request->room, jid_bare(&item->target), &change);
}

static void carry_out_affiliation(const struct work *work, const struct admin_item *item)
{
    struct room *room = work->request->room;
    enum affiliation before = affiliation_in(room, jid_bare(&item->target));
    if (admin_item_matters(item, room))
        change_affiliation(work, item);
    if (!room_is_gone(room) && affiliation_in(room, jid_bare(&item->target)) == before)
        confirm_affiliation(work, item);
}

static void change_affiliations(struct work *work)
{
    for (unsigned i = 0; i < work->count && !room_is_gone(work->request->room); i++)
        carry_out_affiliation(work, &work->items[i]);
    answer_result(work->request);
}

/* ---- Reading and judging ---- */

/* The room must still have an owner afterwards (10.4). */
static const struct stanza_error *check_owners(const struct work *work)
{
    struct room *room = work->request->room;
    unsigned owners = room->rolls[AFFILIATION_OWNER].count, taken = 0;
    for (unsigned i = 0; i < work->count; i++) {
        const struct admin_item *item = &work->items[i];
        if (item->kind != ITEM_AFFILIATION)
            continue;
        const struct affiliation_entry *entry = affiliation_entry(room, jid_bare(&item->target));
        bool was = entry && entry->affiliation == AFFILIATION_OWNER;
        bool becomes = item->affiliation == AFFILIATION_OWNER;
        taken += was && !becomes;
        owners += !was && becomes;
    }
    return taken > 0 && taken >= owners ? &refusal_last_owner : NULL;
}

/* Does the item add an entry to the room's affiliations? */
static bool adds(const struct room *room, const struct admin_item *item)
{
    bool stays = item->affiliation != AFFILIATION_NONE || (item->nick && *item->nick);
    return item->kind == ITEM_AFFILIATION && stays &&
           !affiliation_entry(room, jid_bare(&item->target));
}

/* Maximum number of occupants to look at, all of them for each domain: some milliseconds. */
#define LOOKS_MAX 500000

static bool looks_at_many(const struct work *work)
{
    uint64_t domains = 0;
    for (unsigned i = 0; i < work->count; i++) {
        const struct admin_item *item = &work->items[i];
        domains += item->kind == ITEM_AFFILIATION && item->target.node_len == 0;
    }
    return domains > 1 && domains * work->request->room->occupants_by_nick.count > LOOKS_MAX;
}

static const struct stanza_error *check_room(const struct work *work)
{
    const struct room *room = work->request->room;
    unsigned more = 0;
    for (unsigned i = 0; i < work->count; i++)
        more += adds(room, &work->items[i]);
    unsigned limit = work->request->service->settings.limits.affiliations;
    if (more > 0 && room->affiliations_by_jid.count + more > limit)
        return request_exceeds(work->request, "affiliations", &error_resource_constraint);
    if (looks_at_many(work))
        return request_exceeds(work->request, "items", &error_policy_violation);
    return check_owners(work);
}

static struct span target_of(const struct admin_item *item)
{
    return item->kind == ITEM_ROLE ? span_of(item->target_nick) : jid_bare(&item->target);
}

static int compare_spans(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* The nick to reserve; empty: none. */
static struct span nick_of(const struct admin_item *item)
{
    return span_of(item->nick);
}

/* Do two items have the same, and not nothing? */
static bool have_same(const struct work *work, struct span (*part)(const struct admin_item *item))
{
    bool same = false;
    struct span *parts = mem_new(work->count * sizeof *parts);
    for (unsigned i = 0; i < work->count; i++)
        parts[i] = part(&work->items[i]);
    qsort(parts, work->count, sizeof *parts, compare_spans);
    for (unsigned i = 1; i < work->count && !same; i++)
        same = parts[i].len > 0 && span_equal(parts[i - 1], parts[i]);
    free(parts);
    return same;
}

static const struct stanza_error *judge(const struct work *work, const struct admin_item *item)
{
    if (work->items[0].kind != item->kind)
        return &error_bad_request;
    return admin_item_judge(item, work->request, work->actor);
}

/* A sender who may not look inside has no right to any change, and must not learn from the error
 * whether a nick is there. */
static const struct stanza_error *read_items(struct work *work)
{
    xmpp_stanza_t *element = stanza_child(work->request->payload, "item", NS_MUC_ADMIN);
    if (access_of(work->request) < ACCESS_INSIDE) {
        work->request->offence = element;
        return &refusal_rank;
    }
    for (; element; element = stanza_next(element, "item", NS_MUC_ADMIN)) {
        struct admin_item item;
        if (work->count == work->request->service->settings.limits.items)
            return request_exceeds(work->request, "items", &error_policy_violation);
        work->items = mem_resize(work->items, (work->count + 1) * sizeof *work->items);
        const struct stanza_error *error = admin_item_read(&item, element, work->request);
        work->items[work->count++] = item;
        if (error)
            return error;
        error = judge(work, &work->items[work->count - 1]);
        if (error) {
            work->request->offence = element;
            return error;
        }
    }
    /* Two items for one user, or for one occupant, contradict each other. */
    if (work->count == 0 || have_same(work, target_of))
        return &error_bad_request;
    if (have_same(work, nick_of))
        return &refusal_nick_kept;
    return check_room(work);
}

const struct stanza_error *admin_set(struct request *request)
{
    struct work work = {.request = request, .actor = actor_rank(request)};
    outbox_hurry(request->service->outbox, true);
    const struct stanza_error *error = read_items(&work);
    if (!error) {
        work.who = actor_of(request);
        if (work.items[0].kind == ITEM_ROLE)
            change_roles(&work);
        else
            change_affiliations(&work);
    }
    for (unsigned i = 0; i < work.count; i++)
        admin_item_free(&work.items[i]);
    free(work.items);
    actor_free(&work.who);
    return error;
}
