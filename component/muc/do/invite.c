/* Mediated invitations (XEP-0045, 7.8.2 and 7.9). One message may invite several people. All of its
 * invitations are sent, or none. */

#include <stdlib.h>
#include <string.h>

#include "affiliate.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/limit/invited.h"
#include "muc/limit/quota.h"
#include "muc/say/invitation.h"
#include "muc/state/actor.h"
#include "muc/state/affiliation.h"
#include "muc/state/denial.h"
#include "muc/state/named_user.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

struct guest {
    char *bare;
    struct rendered *invitation;
};

struct party {
    struct request *request;
    struct guest *guests;
    unsigned count;
};

/* In a members-only room an invitation makes its recipient a member (9.5). */
static bool may_invite(const struct request *request)
{
    const struct room *room = request->room;
    if (request->operator)
        return true;
    const struct occupant *inviter = request->session->occupant;
    if (!room->config.members_only)
        return inviter->role >= ROLE_PARTICIPANT;
    enum affiliation least = room->config.allow_invites ? AFFILIATION_MEMBER : AFFILIATION_ADMIN;
    return occupant_affiliation(inviter) >= least;
}

/* The inviter as guests may know it; of an operator, the room. */
static struct span inviter_of(const struct request *request)
{
    return request->operator? room_address(request->room) : invitation_public_jid(request->session);
}

/* ---- Reading ---- */

static const struct stanza_error *read_address(const struct party *party, xmpp_stanza_t *invite,
                                               struct jid *jid)
{
    const char *to = stanza_attr(invite, "to");
    if (!to || !jid_parse_typed(span_of(to), jid) || jid->node_len == 0)
        return &error_jid_malformed;
    return named_user_resolve(party->request->room, jid);
}

static const struct stanza_error *render(struct party *party, xmpp_stanza_t *invite,
                                         const struct jid *jid, const char *reason)
{
    struct request *request = party->request;
    xmpp_stanza_t *goes_on = stanza_child(invite, "continue", NS_MUC_USER);
    const char *thread = goes_on ? stanza_attr(goes_on, "thread") : NULL;
    size_t limit = request->service->settings.limits.reason_bytes;
    char made[ID_TEXT_SIZE];
    if (strlen(reason) > limit || (thread && strlen(thread) > limit))
        return request_exceeds(request, "reason_bytes", &error_policy_violation);
    bool first = party->count == 0;
    if (!first)
        id_random_text(made);
    struct invitation invitation = {
        .inviter = inviter_of(request),
        .invitee = jid_full(jid),
        .id = first ? request->id : made,
        .reason = reason,
        .continues = goes_on != NULL,
        .thread = thread,
    };
    struct rendered *rendered = invitation_render(request->room, &invitation);
    if (!rendered)
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    struct guest guest = {mem_copy(jid->text, jid->bare_len), rendered};
    party->guests[party->count++] = guest;
    return NULL;
}

static const struct stanza_error *read_guest(struct party *party, xmpp_stanza_t *invite)
{
    struct jid jid;
    const struct stanza_error *error = read_address(party, invite, &jid);
    if (error)
        return error;
    char *reason = stanza_child_text(invite, "reason", NS_MUC_USER);
    error = render(party, invite, &jid, reason ? reason : "");
    free(reason);
    return error;
}

static const struct stanza_error *read_guests(struct party *party)
{
    unsigned limit = party->request->service->settings.limits.invites;
    xmpp_stanza_t *invite = stanza_child(party->request->payload, "invite", NS_MUC_USER);
    for (; invite; invite = stanza_next(invite, "invite", NS_MUC_USER)) {
        if (party->count == limit)
            return request_exceeds(party->request, "invites", &error_policy_violation);
        party->guests = mem_resize(party->guests, (party->count + 1) * sizeof *party->guests);
        const struct stanza_error *error = read_guest(party, invite);
        if (error)
            return error;
    }
    return NULL;
}

/* ---- Carrying out ---- */

/* A banned user stays banned and gets no invitation, which may contain the password. The inviter
 * gets no error, so nobody learns of a ban this way. */
static bool is_banned(const struct room *room, const struct guest *guest)
{
    return affiliation_in(room, span_of(guest->bare)) == AFFILIATION_OUTCAST ||
           denial_of(room->service, span_of(guest->bare));
}

static bool becomes_member(const struct room *room, const struct guest *guest)
{
    return room->config.members_only &&
           affiliation_in(room, span_of(guest->bare)) == AFFILIATION_NONE;
}

static const struct stanza_error *check_room(const struct party *party)
{
    const struct room *room = party->request->room;
    unsigned used = room->affiliations_by_jid.count, more = 0;
    for (unsigned i = 0; i < party->count; i++)
        more += becomes_member(room, &party->guests[i]);
    bool fits = more == 0 || used + more <= party->request->service->settings.limits.affiliations;
    return fits ? NULL
                : request_exceeds(party->request, "affiliations", &error_resource_constraint);
}

static unsigned strangers(const struct party *party)
{
    unsigned count = 0;
    for (unsigned i = 0; i < party->count; i++)
        count += affiliation_in(party->request->room, span_of(party->guests[i].bare)) ==
                 AFFILIATION_NONE;
    return count;
}

static void admit(const struct party *party, const struct guest *guest)
{
    struct buf reason = BUF_INIT;
    buf_add_text(&reason, "Invited by ");
    buf_add_span(&reason, inviter_of(party->request));
    struct actor actor = actor_of(party->request);
    struct change change = {.actor = &actor, .reason = reason.data};
    affiliate_user(party->request->room, span_of(guest->bare), AFFILIATION_MEMBER, &change);
    actor_free(&actor);
    buf_free(&reason);
}

static void send_all(struct party *party)
{
    struct room *room = party->request->room;
    for (unsigned i = 0; i < party->count; i++) {
        struct guest *guest = &party->guests[i];
        if (is_banned(room, guest))
            continue;
        if (becomes_member(room, guest))
            admit(party, guest);
        outbox_send(room->service->outbox, room->lane, rendered_ref(guest->invitation));
        if (!party->request->operator)
            invited_note(room, jid_bare(&party->request->from), span_of(guest->bare));
    }
}

const struct stanza_error *invite(struct request *request)
{
    struct party party = {.request = request};
    if (!request->session && !request->operator)
        return &error_not_acceptable;
    if (!may_invite(request))
        return &refusal_no_invites;
    const struct stanza_error *error = read_guests(&party);
    if (!error)
        error = check_room(&party);
    if (!error && !request->operator&& !quota_allows_invites(
                      request->service, jid_bare(&request->from), strangers(&party)))
        error = request_exceeds(request, "hour_invites", &error_resource_constraint);
    if (!error)
        send_all(&party);
    for (unsigned i = 0; i < party.count; i++) {
        free(party.guests[i].bare);
        rendered_unref(party.guests[i].invitation);
    }
    free(party.guests);
    return error;
}
