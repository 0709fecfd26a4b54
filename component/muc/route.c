#include "route.h"

#include <string.h>

#include "coven/datetime.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/command/adhoc.h"
#include "muc/do/gone.h"
#include "muc/do/handlers.h"
#include "muc/limit/quota.h"
#include "muc/recovery/bounce.h"
#include "muc/recovery/ghosts.h"
#include "muc/recovery/question.h"
#include "muc/state/access.h"
#include "muc/state/denial.h"
#include "muc/state/refusal.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/session.h"
#include "park.h"

enum addressee { TO_SERVICE, TO_ROOM, TO_OCCUPANT, TO_NOBODY, ADDRESSEES };

/* any type or payload */
#define ANY    "*"
#define NORMAL NULL /* no type attribute: a normal message, or available presence */

enum needs {
    NEEDS_NOTHING,
    NEEDS_ROOM,     /* else item-not-found */
    NEEDS_OCCUPANT, /* the sender is an occupant; else not-acceptable */
};

struct route {
    enum stanza_kind kind;
    enum addressee to;
    const char *type;
    const char *ns;   /* of the payload */
    const char *name; /* of the payload */
    enum needs needs;
    request_handler *handler;           /* NULL: `refusal` is the answer */
    const struct stanza_error *refusal; /* for what nobody may do */
};

/* The first route that fits is taken. */
static const struct route routes[] = {
    {KIND_PRESENCE, TO_ROOM, NORMAL, ANY, ANY, NEEDS_NOTHING, availability_change, NULL},
    {KIND_PRESENCE, TO_ROOM, "unavailable", ANY, ANY, NEEDS_NOTHING, leave_room, NULL},
    {KIND_PRESENCE, TO_ROOM, "error", ANY, ANY, NEEDS_NOTHING, bounce_session, NULL},
    {KIND_PRESENCE, TO_OCCUPANT, NORMAL, ANY, ANY, NEEDS_NOTHING, availability_change, NULL},
    {KIND_PRESENCE, TO_OCCUPANT, "unavailable", ANY, ANY, NEEDS_NOTHING, leave_room, NULL},
    {KIND_PRESENCE, TO_OCCUPANT, "error", ANY, ANY, NEEDS_NOTHING, bounce_session, NULL},
    {KIND_PRESENCE, TO_ROOM, "probe", ANY, ANY, NEEDS_OCCUPANT, probe_presence, NULL},
    {KIND_PRESENCE, TO_OCCUPANT, "probe", ANY, ANY, NEEDS_OCCUPANT, probe_presence, NULL},
    {KIND_PRESENCE, TO_SERVICE, NORMAL, ANY, ANY, NEEDS_NOTHING, NULL, &error_service_unavailable},

    {KIND_MESSAGE, TO_ROOM, "error", ANY, ANY, NEEDS_NOTHING, bounce_session, NULL},
    {KIND_MESSAGE, TO_ROOM, "groupchat", ANY, ANY, NEEDS_OCCUPANT, groupchat, NULL},
    {KIND_MESSAGE, TO_ROOM, NORMAL, ANY, ANY, NEEDS_ROOM, room_message, NULL},
    {KIND_MESSAGE, TO_ROOM, "normal", ANY, ANY, NEEDS_ROOM, room_message, NULL},
    {KIND_MESSAGE, TO_ROOM, ANY, ANY, ANY, NEEDS_ROOM, room_message_mistyped, NULL},
    {KIND_MESSAGE, TO_OCCUPANT, "error", ANY, ANY, NEEDS_NOTHING, bounce_session, NULL},
    {KIND_MESSAGE, TO_OCCUPANT, "groupchat", ANY, ANY, NEEDS_ROOM, NULL, &refusal_private_type},
    {KIND_MESSAGE, TO_OCCUPANT, ANY, ANY, ANY, NEEDS_OCCUPANT, private_message, NULL},
    {KIND_MESSAGE, TO_SERVICE, "error", ANY, ANY, NEEDS_NOTHING, question_bounce, NULL},
    {KIND_MESSAGE, TO_SERVICE, ANY, ANY, ANY, NEEDS_NOTHING, NULL, &refusal_service_mute},

    {KIND_IQ, TO_SERVICE, "result", ANY, ANY, NEEDS_NOTHING, question_answer, NULL},
    {KIND_IQ, TO_SERVICE, "error", ANY, ANY, NEEDS_NOTHING, question_answer, NULL},
    {KIND_IQ, TO_SERVICE, "get", NS_DISCO_INFO, "query", NEEDS_NOTHING, adhoc_service_info, NULL},
    {KIND_IQ, TO_SERVICE, "get", NS_DISCO_ITEMS, "query", NEEDS_NOTHING, adhoc_service_items, NULL},
    {KIND_IQ, TO_SERVICE, "set", NS_COMMANDS, "command", NEEDS_NOTHING, adhoc_command, NULL},
    {KIND_IQ, TO_SERVICE, "get", NS_PING, "ping", NEEDS_NOTHING, ping_service, NULL},
    {KIND_IQ, TO_SERVICE, "get", NS_VERSION, "query", NEEDS_NOTHING, ping_version, NULL},
    {KIND_IQ, TO_SERVICE, "get", NS_LAST, "query", NEEDS_NOTHING, about_uptime, NULL},
    {KIND_IQ, TO_SERVICE, "get", NS_TIME, "time", NEEDS_NOTHING, about_time, NULL},
    {KIND_IQ, TO_SERVICE, "get", NS_VCARD, "vCard", NEEDS_NOTHING, vcard_service, NULL},
    {KIND_IQ, TO_SERVICE, "set", NS_VCARD, "vCard", NEEDS_NOTHING, NULL, &error_forbidden},
    {KIND_IQ, TO_SERVICE, "get", NS_MUC_UNIQUE, "unique", NEEDS_NOTHING, unique_name, NULL},
    {KIND_IQ, TO_SERVICE, "set", NS_MUC_UNIQUE, ANY, NEEDS_NOTHING, NULL, &error_not_allowed},
    {KIND_IQ, TO_SERVICE, "set", NS_DISCO_INFO, ANY, NEEDS_NOTHING, NULL, &error_not_allowed},
    {KIND_IQ, TO_SERVICE, "set", NS_DISCO_ITEMS, ANY, NEEDS_NOTHING, NULL, &error_not_allowed},

    {KIND_IQ, TO_ROOM, "get", NS_DISCO_INFO, "query", NEEDS_ROOM, adhoc_room_info, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_DISCO_ITEMS, "query", NEEDS_ROOM, adhoc_room_items, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_COMMANDS, "command", NEEDS_ROOM, adhoc_command, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_MUC_ADMIN, "query", NEEDS_ROOM, admin_list_get, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_MUC_ADMIN, "query", NEEDS_ROOM, admin_set, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_MUC_OWNER, "query", NEEDS_ROOM, owner_get, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_MUC_OWNER, "query", NEEDS_ROOM, owner_set, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_PING, "ping", NEEDS_ROOM, ping_service, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_REGISTER, "query", NEEDS_ROOM, register_get, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_REGISTER, "query", NEEDS_ROOM, register_set, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_VCARD, "vCard", NEEDS_ROOM, vcard_get, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_VCARD, "vCard", NEEDS_ROOM, vcard_set, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_MAM, "query", NEEDS_ROOM, archive_page_read, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_MAM, "query", NEEDS_ROOM, archive_query_form, NULL},
    {KIND_IQ, TO_ROOM, "get", NS_MAM, "metadata", NEEDS_ROOM, archive_metadata, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_MODERATE, "moderate", NEEDS_ROOM, moderate, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_FASTEN, "apply-to", NEEDS_ROOM, moderate_fastened, NULL},
    {KIND_IQ, TO_ROOM, "set", NS_DISCO_INFO, ANY, NEEDS_ROOM, NULL, &error_not_allowed},
    {KIND_IQ, TO_ROOM, "set", NS_DISCO_ITEMS, ANY, NEEDS_ROOM, NULL, &error_not_allowed},

    {KIND_IQ, TO_OCCUPANT, "get", NS_DISCO_INFO, ANY, NEEDS_ROOM, disco_room_occupant, NULL},
    {KIND_IQ, TO_OCCUPANT, "get", NS_DISCO_ITEMS, ANY, NEEDS_ROOM, disco_room_occupant, NULL},
    {KIND_IQ, TO_OCCUPANT, "get", NS_PING, "ping", NEEDS_OCCUPANT, ping_occupant, NULL},
    {KIND_IQ, TO_OCCUPANT, "get", ANY, ANY, NEEDS_OCCUPANT, relay_iq, NULL},
    {KIND_IQ, TO_OCCUPANT, "set", ANY, ANY, NEEDS_OCCUPANT, relay_iq, NULL},
    {KIND_IQ, TO_OCCUPANT, "result", ANY, ANY, NEEDS_NOTHING, relay_answer, NULL},
    {KIND_IQ, TO_OCCUPANT, "error", ANY, ANY, NEEDS_NOTHING, relay_answer, NULL},

    /* Everything else: requests are refused, the rest is ignored. */
    {KIND_MESSAGE, TO_NOBODY, ANY, ANY, ANY, NEEDS_NOTHING, NULL, &error_service_unavailable},
    {KIND_PRESENCE, TO_NOBODY, NORMAL, ANY, ANY, NEEDS_NOTHING, NULL, &error_service_unavailable},
    {KIND_IQ, TO_ROOM, "get", ANY, ANY, NEEDS_ROOM, NULL, &error_service_unavailable},
    {KIND_IQ, TO_ROOM, "set", ANY, ANY, NEEDS_ROOM, NULL, &error_service_unavailable},
    {KIND_IQ, TO_SERVICE, "get", ANY, ANY, NEEDS_NOTHING, NULL, &error_service_unavailable},
    {KIND_IQ, TO_SERVICE, "set", ANY, ANY, NEEDS_NOTHING, NULL, &error_service_unavailable},
    {KIND_IQ, TO_NOBODY, "get", ANY, ANY, NEEDS_NOTHING, NULL, &error_service_unavailable},
    {KIND_IQ, TO_NOBODY, "set", ANY, ANY, NEEDS_NOTHING, NULL, &error_service_unavailable},
};

static enum addressee addressee_of(const struct request *request)
{
    bool node = request->to.node_len > 0, resource = jid_has_resource(&request->to);
    if (!span_is(jid_domain(&request->to), request->service->settings.domain))
        return TO_NOBODY;
    if (!node)
        return resource ? TO_NOBODY : TO_SERVICE;
    return resource ? TO_OCCUPANT : TO_ROOM;
}

static bool text_fits(const char *pattern, const char *text)
{
    if (pattern == NULL || text == NULL)
        return pattern == text || (pattern && strcmp(pattern, ANY) == 0);
    return strcmp(pattern, ANY) == 0 || strcmp(pattern, text) == 0;
}

static bool payload_fits(const struct route *route, xmpp_stanza_t *payload)
{
    bool any_ns = strcmp(route->ns, ANY) == 0, any_name = strcmp(route->name, ANY) == 0;
    if (any_ns && any_name)
        return true;
    return payload && stanza_is(payload, any_name ? NULL : route->name, any_ns ? NULL : route->ns);
}

static const struct route *find_route(const struct request *request, enum addressee to)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const struct route *route = &routes[i];
        if (route->kind == request->kind && route->to == to &&
            text_fits(route->type, request->type) && payload_fits(route, request->payload))
            return route;
    }
    return NULL;
}

/* Messages and presence are sent by a living client; IQs, errors and unavailable presence may come
 * from a server on its behalf. */
static bool shows_life(const struct request *request)
{
    const char *type = request->type ? request->type : "";
    return request->kind != KIND_IQ && strcmp(type, "error") != 0 &&
           strcmp(type, "unavailable") != 0;
}

/* Finds the room and the session. A locked room exists only for its owners and occupants. Returns
 * an error if the room was destroyed, the store failed, or the stanza could not be parked. */
static const struct stanza_error *look_up(struct request *request)
{
    struct room *room = NULL;
    struct service *service = request->service;
    if (service->parking->first && park_holds(service, jid_node(&request->to)))
        return park(request);
    switch (room_load_begin(service, jid_node(&request->to), &room)) {
    case STORE_LATE:
    case STORE_FAILED:
        return &error_resource_constraint;
    case STORE_NOTHING:
        return gone_check(request);
    case STORE_OK:
        break;
    }
    if (room->loading)
        return park(request);
    request->room = room;
    request->session = session_find(room, jid_full(&request->from));
    if (shows_life(request))
        ghosts_note_alive(request);
    if (!request->room)
        return NULL;
    room = request->room;
    request->hidden = room_is_locked(room) && access_of(request) == ACCESS_NOTHING;
    if (request->hidden)
        request->room = NULL;
    return NULL;
}

/* Leaves, errors and answers are taken from everybody: they end something. */
static bool is_end(const struct request *request)
{
    static const char *const types[] = {"unavailable", "error", "result"};
    for (size_t i = 0; request->type && i < sizeof types / sizeof *types; i++) {
        if (strcmp(request->type, types[i]) == 0)
            return true;
    }
    return false;
}

/* Does the operator keep the sender out of the whole service? */
static bool is_denied(struct request *request)
{
    char until[DATETIME_SIZE];
    const struct denial *denial = denial_of(request->service, jid_bare(&request->from));
    if (!denial || is_end(request))
        return false;
    buf_add_text(&request->why, "You may not use this service");
    if (denial->until > 0) {
        datetime_print(denial->until / 1000 * 1000, until);
        buf_printf(&request->why, " before %s", until);
    }
    if (*denial->reason)
        buf_printf(&request->why, ": %s", denial->reason);
    return true;
}

const struct stanza_error *route_request(struct request *request)
{
    enum addressee to = addressee_of(request);
    const struct route *route = find_route(request, to);
    if (!route)
        return NULL;
    if (is_denied(request))
        return &error_forbidden;
    if (to == TO_ROOM || to == TO_OCCUPANT) {
        const struct stanza_error *error = look_up(request);
        if (error || request->parked)
            return error;
    }
    if (route->needs >= NEEDS_ROOM && !request->room)
        return &refusal_no_room;
    if (route->needs >= NEEDS_OCCUPANT && !request->session)
        return &error_not_acceptable;
    request->limit = quota_refuses(request);
    if (request->limit)
        return &error_resource_constraint;
    return route->handler ? route->handler(request) : route->refusal;
}
