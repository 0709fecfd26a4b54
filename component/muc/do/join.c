/* Entering a room (XEP-0045, 7.2 and 10.1), and a second join of a session that is inside: a
 * resync, under the same nick or another. */

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "coven/domain.h"
#include "coven/log.h"
#include "coven/ns.h"
#include "coven/prep.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "face.h"
#include "handlers.h"
#include "muc/limit/quota.h"
#include "muc/say/history.h"
#include "muc/say/payload.h"
#include "muc/say/presence.h"
#include "muc/say/welcome.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/room_life.h"
#include "muc/state/service_state.h"
#include "muc/state/user.h"
#include "nick.h"
#include "register.h"

struct join {
    struct request *request;
    const struct service_limits *limits;
    struct room *room; /* NULL: the join creates it */
    bool created;
    xmpp_stanza_t *x;
    struct blob *presence; /* the rest of the presence, rendered */
    char nick[PREP_SIZE];
    size_t nick_len;
    enum affiliation affiliation;
    struct occupant *occupant; /* who has the nick already; NULL: nobody */
};

static struct span join_nick(const struct join *join)
{
    return (struct span){join->nick, join->nick_len};
}

/* ---- The checks, in the order in which they refuse ---- */

typedef const struct stanza_error *join_check(struct join *join);

static const struct stanza_error *check_nick(struct join *join)
{
    join->nick_len = prep_nick(request_nick(join->request), join->nick);
    if (join->nick_len == 0)
        return &refusal_nick_invalid;
    if (utf8_count(join_nick(join)) > join->limits->nick_chars)
        return request_exceeds(join->request, "nick_characters", &error_policy_violation);
    return NULL;
}

static const struct stanza_error *check_presence(struct join *join)
{
    if (blob_len(join->presence) > join->limits->presence_bytes)
        return request_exceeds(join->request, "presence_bytes", &error_policy_violation);
    return NULL;
}

/* A room that is not configured yet exists for its owners alone (10.1.1). */
static const struct stanza_error *check_lock(struct join *join)
{
    return join->request->hidden ? &refusal_no_room : NULL;
}

static bool may_create(const struct join *join)
{
    const struct service_settings *settings = &join->request->service->settings;
    struct span bare = jid_bare(&join->request->from);
    if (settings->creation == CREATION_EVERYBODY)
        return true;
    if (settings->creation == CREATION_LOCAL && domain_lists(settings->local_domains, bare))
        return true;
    return domain_lists(settings->creators, bare) || domain_lists(settings->admins, bare);
}

static const struct stanza_error *check_creation(struct join *join)
{
    if (join->room)
        return NULL;
    if (!may_create(join))
        return &refusal_no_creation;
    if (jid_node(&join->request->to).len > join->limits->room_name_bytes)
        return request_exceeds(join->request, "room_name_bytes", &error_policy_violation);
    if (join->request->service->rooms_stored.all >= join->limits->rooms)
        return request_exceeds(join->request, "rooms", &error_resource_constraint);
    return NULL;
}

/* Limits the sessions of a user in rooms, and the rooms that the user created. Admins of the
 * service are exempt: their accounts may be those of bridges. */
static const struct stanza_error *check_user(struct join *join)
{
    struct service *service = join->request->service;
    struct span bare = jid_bare(&join->request->from);
    int64_t created = 0;
    if (domain_lists(service->settings.admins, bare))
        return NULL;
    if (user_sessions(service, bare) >= join->limits->user_sessions)
        return request_exceeds(join->request, "user_sessions", &error_resource_constraint);
    if (join->room || join->limits->user_created >= join->limits->rooms)
        return NULL;
    if (store_rooms_created(service->store, bare, join->limits->user_created, &created) ==
        STORE_FAILED)
        return &error_resource_constraint;
    if (created >= join->limits->user_created)
        return request_exceeds(join->request, "user_created", &error_resource_constraint);
    return NULL;
}

static const struct stanza_error *check_ban(struct join *join)
{
    if (join->affiliation != AFFILIATION_OUTCAST)
        return NULL;
    const struct affiliation_entry *entry =
        affiliation_cause(join->room, jid_bare(&join->request->from));
    if (entry && *entry->reason)
        buf_printf(&join->request->why, "%s: %s", refusal_banned.text, entry->reason);
    return &refusal_banned;
}

static const struct stanza_error *check_membership(struct join *join)
{
    bool needed = join->room && join->room->config.members_only;
    if (!needed || join->affiliation >= AFFILIATION_MEMBER)
        return NULL;
    if (join->room->config.registration != REGISTRATION_MEMBERS)
        buf_add_text(&join->request->why,
                     "Only members may enter this room. Register with the room to become one");
    return &refusal_members_only;
}

static const struct stanza_error *check_password(struct join *join)
{
    if (!join->room || !join->room->config.protected)
        return NULL;
    const char *secret = join->room->config.secret;
    char *given = stanza_child_text(join->x, "password", NS_MUC);
    size_t len = strlen(secret);
    bool right = given && strlen(given) == len && CRYPTO_memcmp(given, secret, len) == 0;
    if (given)
        OPENSSL_cleanse(given, strlen(given));
    free(given);
    return right ? NULL : &refusal_password;
}

/* A nick belongs to one user: its present occupant, or the user for whom it is reserved. */
static const struct stanza_error *check_conflict(struct join *join)
{
    if (!join->room)
        return NULL;
    struct span bare = jid_bare(&join->request->from);
    const struct affiliation_entry *holder = affiliation_nick_holder(join->room, join_nick(join));
    if (holder && !span_is(bare, holder->jid))
        return &refusal_nick_kept;
    join->occupant = occupant_find(join->room, join_nick(join));
    if (join->occupant && !span_is(bare, occupant_bare(join->occupant)))
        return &refusal_nick_used;
    return NULL;
}

static const struct stanza_error *check_places(struct join *join)
{
    if (!join->room)
        return NULL;
    if (!join->occupant)
        return room_is_full(join->room, join->affiliation) ? &refusal_room_full : NULL;
    if (join->occupant->session_count >= join->limits->sessions)
        return request_exceeds(join->request, "sessions", &error_resource_constraint);
    return NULL;
}

static join_check *const checks[] = {
    check_nick, check_presence,   check_lock,     check_creation, check_user,
    check_ban,  check_membership, check_password, check_conflict, check_places,
};

static const struct stanza_error *check(struct join *join)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const struct stanza_error *error = checks[i](join);
        if (error)
            return error;
    }
    return NULL;
}

/* ---- Letting in ---- */

/* Is the session's nick another one than the client wrote? */
static bool is_renamed(const struct request *request, const struct session *session)
{
    const char *slash = strchr(stanza_attr(request->stanza, "to"), '/');
    return !slash || strcmp(slash + 1, occupant_nick(session->occupant)) != 0;
}

static void welcome(const struct session *session, const struct join *join, bool newcomer)
{
    const struct request *request = join->request;
    struct history_request history;
    struct welcome welcome = {
        .id = request->id,
        .newcomer = newcomer,
        .created = join->created,
        .renamed = is_renamed(request, session),
        .history = quota_allows_history(request) ? &history : NULL,
    };
    history_read(&history, stanza_child(join->x, "history", NS_MUC), request->service);
    welcome_send(session, &welcome);
}

/* Tells the other sessions of the occupant that there is one more, and everybody to whom the
 * occupant looks different now. */
static void tell(const struct session *newcomer, const struct rendered *before)
{
    struct occupant *occupant = newcomer->occupant;
    struct presence_event event = presence_event_of(occupant);
    presence_update(occupant, before);
    presence_to_fellows(newcomer, &event);
}

static const struct stanza_error *enter(struct join *join)
{
    struct request *request = join->request;
    join->created = !join->room;
    if (join->created) {
        join->room =
            room_life_create(request->service, jid_node(&request->to), jid_bare(&request->from),
                             span_of(stanza_attr(request->stanza, "xml:lang")));
        join->affiliation = AFFILIATION_OWNER;
    }
    struct room *room = request->room = join->room;
    enum role role = role_on_entry(join->affiliation, room->config.moderated);
    struct rendered *before = rendered_ref(join->occupant ? join->occupant->presence : NULL);
    struct session *session =
        session_enter(room, join_nick(join), &request->from, role, join->presence);
    log_debug("%s enters %s as %s", request->from.text, room->address, join->nick);
    tell(session, before);
    rendered_unref(before);
    welcome(session, join, true);
    register_show_applicants(session);
    return NULL;
}

/* The client lost its view of the room and asks for all of it again (17.3). Others are told only if
 * its presence has changed. */
static const struct stanza_error *resync(struct join *join)
{
    struct session *session = join->request->session;
    const struct stanza_error *error = check_presence(join);
    if (error)
        return error;
    if (!span_equal(blob_span(join->presence), blob_span(session->presence))) {
        bool was_face = occupant_face(session->occupant) == session;
        struct rendered *before = rendered_ref(session->occupant->presence);
        session_set_presence(session, join->presence);
        face_show(session, was_face, before);
        rendered_unref(before);
    } else {
        occupant_note_change(session->occupant); /* so that recovery repeats a lost answer */
    }
    welcome(session, join, false);
    return NULL;
}

const struct stanza_error *join_room(struct request *request)
{
    struct join join = {
        .request = request,
        .limits = &request->service->settings.limits,
        .room = request->room,
        .x = stanza_child(request->stanza, "x", NS_MUC),
        .affiliation = AFFILIATION_NONE,
    };
    if (request->room)
        join.affiliation = affiliation_in(request->room, jid_bare(&request->from));
    join.presence = payload_render(request->stanza, jid_bare(&request->to));
    request->service->calls.entered(request->service, jid_full(&request->from));
    bool inside = request->session != NULL;
    const struct stanza_error *error = inside ? resync(&join) : check(&join);
    if (!error && !inside)
        error = enter(&join);
    blob_unref(join.presence);
    return error;
}

/* A join under another nick: the client thinks that it is outside, because the room never heard it
 * leave. Others see a change of nick; the client sees its old nick leave, and then gets what
 * newcomers get. */
const struct stanza_error *join_again(struct request *request)
{
    struct join join = {
        .request = request,
        .x = stanza_child(request->stanza, "x", NS_MUC),
    };
    request->service->calls.entered(request->service, jid_full(&request->from));
    const struct stanza_error *error = nick_take(request);
    if (!error)
        welcome(request->session, &join, false);
    return error;
}
