#include "admin_item.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/prep.h"
#include "coven/stanza.h"
#include "muc/state/affiliation.h"
#include "muc/state/named_user.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

/* The nick in the form in which nicks are compared; NULL: it is not a valid one. */
static char *prepared_nick(const char *text)
{
    char prepared[PREP_SIZE];
    size_t len = prep_resource(span_of(text), prepared);
    return len > 0 ? mem_copy(prepared, len) : NULL;
}

static const struct stanza_error *read_role(struct admin_item *item, xmpp_stanza_t *element,
                                            const struct request *request)
{
    const char *nick = stanza_attr(element, "nick");
    item->kind = ITEM_ROLE;
    if (!role_named(stanza_attr(element, "role"), &item->role) || !nick)
        return &error_bad_request;
    item->target_nick = prepared_nick(nick);
    bool present = item->target_nick && occupant_find(request->room, span_of(item->target_nick));
    return present ? NULL : &refusal_nobody_named;
}

/* The target is named by JID, or by the nick of an occupant or of a reservation. */
static const struct stanza_error *read_target(struct admin_item *item, xmpp_stanza_t *element,
                                              const struct request *request)
{
    const char *jid = stanza_attr(element, "jid"), *nick = stanza_attr(element, "nick");
    if (jid)
        return jid_parse_typed(span_of(jid), &item->target)
                   ? named_user_resolve(request->room, &item->target)
                   : &error_jid_malformed;
    char *prepared = nick ? prepared_nick(nick) : NULL;
    if (!nick)
        return &error_bad_request;
    if (!prepared)
        return &error_value_not_acceptable;
    const struct occupant *occupant = occupant_find(request->room, span_of(prepared));
    const struct affiliation_entry *holder =
        affiliation_nick_holder(request->room, span_of(prepared));
    free(prepared);
    const char *bare = occupant ? occupant_bare(occupant) : holder ? holder->jid : NULL;
    bool found = bare && jid_parse(span_of(bare), &item->target);
    return found ? NULL : &refusal_nobody_named;
}

/* A nick beside a JID becomes reserved for that JID; an empty nick ends the reservation (9.5). */
static const struct stanza_error *read_reservation(struct admin_item *item, xmpp_stanza_t *element,
                                                   const struct request *request)
{
    char prepared[PREP_SIZE];
    const char *nick = stanza_attr(element, "jid") ? stanza_attr(element, "nick") : NULL;
    if (!nick || item->affiliation == AFFILIATION_OUTCAST)
        return NULL;
    if (*nick == '\0') {
        item->nick = mem_string("");
        return NULL;
    }
    size_t len = prep_nick(span_of(nick), prepared);
    if (len == 0)
        return &refusal_nick_invalid;
    item->nick = mem_copy(prepared, len);
    const struct affiliation_entry *holder =
        affiliation_nick_holder(request->room, span_of(item->nick));
    bool taken = holder && !span_is(jid_bare(&item->target), holder->jid);
    return taken ? &refusal_nick_kept : NULL;
}

static const struct stanza_error *read_affiliation(struct admin_item *item, xmpp_stanza_t *element,
                                                   const struct request *request)
{
    item->kind = ITEM_AFFILIATION;
    if (!affiliation_named(stanza_attr(element, "affiliation"), &item->affiliation))
        return &error_value_not_acceptable;
    const struct stanza_error *error = read_target(item, element, request);
    if (error)
        return error;
    item->target.full_len = item->target.bare_len; /* a full JID stands for the bare one */
    item->target.text[item->target.bare_len] = '\0';
    return read_reservation(item, element, request);
}

const struct stanza_error *admin_item_read(struct admin_item *item, xmpp_stanza_t *element,
                                           struct request *request)
{
    bool role = stanza_attr(element, "role"), affiliation = stanza_attr(element, "affiliation");
    *item = (struct admin_item){.kind = ITEM_ROLE};
    item->reason = stanza_child_text(element, "reason", NS_MUC_ADMIN);
    if (role == affiliation)
        return &error_bad_request;
    if (item->reason && strlen(item->reason) > request->service->settings.limits.reason_bytes)
        return request_exceeds(request, "reason_bytes", &error_policy_violation);
    return role ? read_role(item, element, request) : read_affiliation(item, element, request);
}

void admin_item_free(struct admin_item *item)
{
    free(item->target_nick);
    free(item->nick);
    free(item->reason);
}

static bool differs(const char *wanted, const char *present)
{
    return wanted && strcmp(wanted, present) != 0;
}

bool admin_item_matters(const struct admin_item *item, const struct room *room)
{
    if (item->kind == ITEM_ROLE)
        return occupant_find(room, span_of(item->target_nick))->role != item->role;
    const struct affiliation_entry *entry = affiliation_entry(room, jid_bare(&item->target));
    if (!entry)
        return item->affiliation != AFFILIATION_NONE || differs(item->nick, "");
    return item->affiliation != entry->affiliation || differs(item->nick, entry->nick) ||
           differs(item->reason, entry->reason);
}

static struct rank rank_of(const struct occupant *occupant)
{
    return (struct rank){occupant_affiliation(occupant), occupant->role};
}

/* A moderator who kicks himself leaves (8.2). */
static bool is_exit(const struct admin_item *item, const struct occupant *target,
                    const struct request *request)
{
    return item->role == ROLE_NONE && target->role == ROLE_MODERATOR &&
           span_is(jid_bare(&request->from), occupant_bare(target));
}

/* The present occupant of a nick must leave when the nick is reserved for another user. Is the
 * sender not allowed to remove that occupant? */
static bool ousts_superior(const struct admin_item *item, const struct room *room,
                           enum affiliation own)
{
    const struct occupant *user =
        item->nick && *item->nick ? occupant_find(room, span_of(item->nick)) : NULL;
    return user && !span_is(jid_bare(&item->target), occupant_bare(user)) &&
           occupant_affiliation(user) > own;
}

static enum verdict judge_affiliation(const struct admin_item *item, const struct request *request,
                                      enum affiliation own)
{
    struct span bare = jid_bare(&item->target);
    bool self = span_equal(bare, jid_bare(&request->from));
    return privilege_affiliation_change(own, affiliation_in(request->room, bare), self,
                                        item->affiliation);
}

bool admin_item_is_granted(const struct admin_item *item, const struct request *request,
                           struct rank actor)
{
    return judge_affiliation(item, request, actor.affiliation) == VERDICT_GRANTED;
}

const struct stanza_error *admin_item_judge(const struct admin_item *item,
                                            const struct request *request, struct rank actor)
{
    static const struct stanza_error *const errors[] = {
        [VERDICT_GRANTED] = NULL,
        [VERDICT_NOT_ALLOWED] = &refusal_outranked,
        [VERDICT_FORBIDDEN] = &refusal_rank,
        [VERDICT_CONFLICT] = &refusal_self_ban,
    };
    struct room *room = request->room;
    enum affiliation own = actor.affiliation;
    bool entitled =
        item->kind == ITEM_ROLE ? actor.role == ROLE_MODERATOR : own >= AFFILIATION_ADMIN;
    if (entitled && !admin_item_matters(item, room))
        return NULL; /* what changes nothing is no offence */
    if (item->kind == ITEM_ROLE) {
        const struct occupant *target = occupant_find(room, span_of(item->target_nick));
        if (is_exit(item, target, request))
            return NULL;
        return errors[privilege_role_change(actor, rank_of(target), item->role)];
    }
    if (ousts_superior(item, room, own))
        return &refusal_outranked;
    return errors[judge_affiliation(item, request, own)];
}
