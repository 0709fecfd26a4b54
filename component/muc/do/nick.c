/* A change of nick (XEP-0045, 7.6). Everybody sees the old occupant leave (303) and the new one
 * enter. */

#include <string.h>

#include "coven/ns.h"
#include "coven/prep.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "handlers.h"
#include "leave.h"
#include "muc/say/deliver.h"
#include "muc/say/payload.h"
#include "muc/say/presence.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "nick.h"

/* Is there a place for one more occupant, if other sessions keep the old nick, or for one more
 * session, if others have the new nick? */
static const struct stanza_error *check_places(struct request *request,
                                               const struct occupant *other)
{
    const struct room *room = request->room;
    const struct occupant *self = request->session->occupant;
    bool many = other && other->session_count >= room->service->settings.limits.sessions;
    bool full = !other && self->session_count > 1 && room_is_full(room, occupant_affiliation(self));
    if (many)
        return request_exceeds(request, "sessions", &error_resource_constraint);
    return full ? &refusal_room_full : NULL;
}

static const struct stanza_error *check(struct request *request, struct span nick)
{
    const struct occupant *self = request->session->occupant;
    const struct occupant *other = occupant_find(request->room, nick);
    const struct affiliation_entry *holder = affiliation_nick_holder(request->room, nick);
    if (nick.len == 0)
        return &refusal_nick_invalid;
    if (utf8_count(nick) > request->service->settings.limits.nick_chars)
        return request_exceeds(request, "nick_characters", &error_policy_violation);
    if (other && strcmp(occupant_bare(other), occupant_bare(self)) != 0)
        return &refusal_nick_used;
    if (holder && strcmp(holder->jid, occupant_bare(self)) != 0)
        return &refusal_nick_kept;
    return check_places(request, other);
}

static void say_goodbye(const struct session *session, const char *nick, const char *id)
{
    const struct occupant *occupant = session->occupant;
    struct presence_event event = presence_event_of(occupant);
    event.unavailable = true;
    event.only = session;
    event.new_nick = nick;
    event.id = id;
    event.payload = (struct span){NULL, 0};
    presence_event_code(&event, 303);
    if (occupant->session_count == 1)
        presence_to_others(occupant, &event);
    presence_to_session(session, &event);
}

/* Moves the session to another nick. If it was alone under the old nick, that occupant is gone;
 * else the other sessions stay behind. If sessions of the user are under the new nick already, it
 * joins them. */
static struct session *move(struct request *request, struct span nick, struct blob *presence)
{
    struct occupant *old = request->session->occupant;
    struct occupant *target = occupant_find(request->room, nick);
    if (old->session_count == 1 && !target) {
        occupant_rename(old, nick);
        session_set_presence(request->session, presence);
        return request->session;
    }
    enum role role = target ? target->role : old->role;
    bool silenced = !target && old->silenced;
    struct occupant *left_behind = old->session_count > 1 ? old : NULL;
    struct rendered *before = rendered_ref(old->presence);
    session_leave(request->session);
    if (left_behind)
        leave_show_rest(left_behind, before);
    rendered_unref(before);
    struct session *moved = session_enter(request->room, nick, &request->from, role, presence);
    if (silenced)
        occupant_silence(moved->occupant);
    return moved;
}

const struct stanza_error *nick_take(struct request *request)
{
    char prepared[PREP_SIZE];
    struct span nick = {prepared, prep_nick(request_nick(request), prepared)};
    const struct stanza_error *error = check(request, nick);
    if (error)
        return error;
    struct blob *presence = payload_render(request->stanza, room_address(request->room));
    if (blob_len(presence) <= request->service->settings.limits.presence_bytes) {
        say_goodbye(request->session, prepared, request->id);
        request->session = move(request, nick, presence);
        struct presence_event event = presence_event_of(request->session->occupant);
        presence_to_others(request->session->occupant, &event);
        presence_to_fellows(request->session, &event);
    } else {
        error = request_exceeds(request, "presence_bytes", &error_policy_violation);
    }
    blob_unref(presence);
    return error;
}

/* What the session sees in a new light: its old occupant is somebody else now, if other sessions
 * keep that nick, and its new one may be a moderator, who sees real JIDs. */
static void show_change(const struct session *session, const struct occupant *left, bool saw_real)
{
    if (!saw_real && occupant_sees_real(session->occupant))
        presence_of_others(session);
    else if (left && left->presence)
        deliver_to_session(session, left->presence);
}

/* The session gets neither history nor subject again. */
const struct stanza_error *nick_change(struct request *request)
{
    struct occupant *old = request->session->occupant;
    struct occupant *left = old->session_count > 1 ? old : NULL;
    bool saw_real = occupant_sees_real(old);
    const struct stanza_error *error = nick_take(request);
    if (error)
        return error;
    struct presence_event event = presence_event_of(request->session->occupant);
    event.id = request->id;
    show_change(request->session, left, saw_real);
    presence_echo(request->session, &event);
    return NULL;
}
