#include "privilege.h"

#include <string.h>

static const char *const affiliation_names[] = {"outcast", "none", "member", "admin", "owner"};
static const char *const role_names[] = {"none", "visitor", "participant", "moderator"};

const char *affiliation_name(enum affiliation affiliation)
{
    return affiliation_names[affiliation];
}

const char *role_name(enum role role)
{
    return role_names[role];
}

enum affiliation affiliation_of(int number)
{
    bool known = number >= AFFILIATION_OUTCAST && number <= AFFILIATION_OWNER;
    return known ? (enum affiliation)number : AFFILIATION_NONE;
}

enum role role_of(int number)
{
    bool known = number >= ROLE_NONE && number <= ROLE_MODERATOR;
    if (number == ROLE_SILENCED)
        return ROLE_VISITOR;
    return known ? (enum role)number : ROLE_NONE;
}

static int index_of(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0)
            return i;
    }
    return -1;
}

bool affiliation_named(const char *name, enum affiliation *affiliation_r)
{
    int i = index_of(name, affiliation_names, sizeof affiliation_names / sizeof *affiliation_names);
    if (i < 0)
        return false;
    *affiliation_r = (enum affiliation)i;
    return true;
}

bool role_named(const char *name, enum role *role_r)
{
    int i = index_of(name, role_names, sizeof role_names / sizeof *role_names);
    if (i < 0)
        return false;
    *role_r = (enum role)i;
    return true;
}

enum role role_on_entry(enum affiliation affiliation, bool moderated)
{
    static const enum role roles[][2] = {
        /* unmoderated, moderated */
        [AFFILIATION_OUTCAST] = {ROLE_NONE, ROLE_NONE},
        [AFFILIATION_NONE] = {ROLE_PARTICIPANT, ROLE_VISITOR},
        [AFFILIATION_MEMBER] = {ROLE_PARTICIPANT, ROLE_PARTICIPANT},
        [AFFILIATION_ADMIN] = {ROLE_MODERATOR, ROLE_MODERATOR},
        [AFFILIATION_OWNER] = {ROLE_MODERATOR, ROLE_MODERATOR},
    };
    return roles[affiliation][moderated];
}

enum role role_after_change(enum role role, enum affiliation from, enum affiliation to,
                            bool moderated)
{
    bool granted =
        role == ROLE_MODERATOR && from < AFFILIATION_ADMIN; /* the role was granted by hand */
    if (from == to || (granted && to != AFFILIATION_OUTCAST))
        return role;
    enum role then = role_on_entry(to, moderated);
    return to < from && role < then ? role : then; /* losing an affiliation never raises the role */
}

/* ---- Changes of role ---- */

enum role_action {
    KICK,
    KICK_MODERATOR,
    GRANT_VOICE,
    REVOKE_VOICE,
    GRANT_MODERATOR,
    REVOKE_MODERATOR
};

#define ANY_RANK (-AFFILIATION_OWNER)

static const struct {
    enum affiliation actor_least;
    enum affiliation target_most;
    int above; /* minimum distance of the target below the actor; 0: not above the actor */
} role_rules[] = {
    [KICK] = {AFFILIATION_OUTCAST, AFFILIATION_OWNER, 0},
    [KICK_MODERATOR] = {AFFILIATION_ADMIN, AFFILIATION_OWNER, 0},
    [GRANT_VOICE] = {AFFILIATION_OUTCAST, AFFILIATION_OWNER, ANY_RANK},
    [REVOKE_VOICE] = {AFFILIATION_OUTCAST, AFFILIATION_MEMBER, 1},
    [GRANT_MODERATOR] = {AFFILIATION_ADMIN, AFFILIATION_OWNER, 0},
    [REVOKE_MODERATOR] = {AFFILIATION_ADMIN, AFFILIATION_MEMBER, 1},
};

static enum role_action role_action_of(enum role from, enum role to)
{
    if (to == ROLE_NONE)
        return from == ROLE_MODERATOR ? KICK_MODERATOR : KICK;
    if (to == ROLE_MODERATOR)
        return GRANT_MODERATOR;
    if (from == ROLE_MODERATOR)
        return REVOKE_MODERATOR;
    return to == ROLE_PARTICIPANT ? GRANT_VOICE : REVOKE_VOICE;
}

enum verdict privilege_role_change(struct rank actor, struct rank target, enum role role)
{
    enum role_action action = role_action_of(target.role, role);
    int distance = (int)actor.affiliation - (int)target.affiliation;
    if (distance < 0 && distance < role_rules[action].above)
        return VERDICT_NOT_ALLOWED;
    if (actor.role != ROLE_MODERATOR || actor.affiliation < role_rules[action].actor_least)
        return VERDICT_FORBIDDEN;
    if (role == target.role)
        return VERDICT_GRANTED;
    bool fits = distance >= role_rules[action].above &&
                target.affiliation <= role_rules[action].target_most;
    return fits ? VERDICT_GRANTED : VERDICT_NOT_ALLOWED;
}

/* ---- Changes of affiliation ---- */

/* Only owners may make somebody an owner or admin, or revoke that. */
static enum affiliation affiliation_needed(enum affiliation from, enum affiliation to)
{
    return from >= AFFILIATION_ADMIN || to >= AFFILIATION_ADMIN ? AFFILIATION_OWNER
                                                                : AFFILIATION_ADMIN;
}

enum verdict privilege_affiliation_change(enum affiliation actor, enum affiliation target,
                                          bool self, enum affiliation affiliation)
{
    bool bans = affiliation == AFFILIATION_OUTCAST;
    bool may_ban = actor >= AFFILIATION_ADMIN;
    if (bans && self && may_ban)
        return VERDICT_CONFLICT;
    bool equals = target == actor && actor != AFFILIATION_OWNER;
    if (bans && (target > actor || (may_ban && equals)))
        return VERDICT_NOT_ALLOWED;
    return actor < affiliation_needed(target, affiliation) ? VERDICT_FORBIDDEN : VERDICT_GRANTED;
}
