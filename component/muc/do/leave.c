/* Leaving a room (XEP-0045, 7.14). */

#include "leave.h"

#include "destroy.h"
#include "handlers.h"
#include "muc/say/payload.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"
#include "room_end.h"

void leave_farewell(const struct session *session, struct presence_event *event, bool to_itself)
{
    const struct occupant *occupant = session->occupant;
    const struct room *room = occupant->room;
    event->only = session;
    if (room_is_locked(room) && room->sessions.count == 1)
        event->extra = destroy_write; /* the new room ends, because nobody can configure it */
    if (to_itself)
        presence_to_session(session, event);
    if (occupant->session_count == 1)
        presence_to_others(occupant, event);
}

/* The session is freed, and the room may be gone. */
static void end_session(struct session *session, struct presence_event *event)
{
    struct occupant *occupant = session->occupant;
    struct room *room = occupant->room;
    bool last = occupant->session_count == 1;
    struct rendered *before = rendered_ref(occupant->presence);
    leave_farewell(session, event, true);
    session_leave(session);
    if (last)
        room_end_if_empty(room);
    else
        leave_show_rest(occupant, before);
    rendered_unref(before);
}

void leave_show_rest(const struct occupant *occupant, const struct rendered *before)
{
    struct presence_event still = presence_event_of(occupant);
    presence_update(occupant, before);
    presence_to_self(occupant, &still);
}

void leave_occupant(struct occupant *occupant, struct presence_event *event)
{
    presence_announce(occupant, event);
    leave_remove(occupant);
}

void leave_silence(const struct occupant *occupant)
{
    const struct room *room = occupant->room;
    outbox_silence(room->service->outbox, room->lane, occupant->number);
}

void leave_remove(struct occupant *occupant)
{
    struct room *room = occupant->room;
    for (unsigned left = occupant->session_count; left > 0; left--)
        session_leave(occupant->sessions);
    room_end_if_empty(room);
}

const struct stanza_error *leave_room(struct request *request)
{
    struct session *session = request->session;
    if (!session)
        return NULL;
    struct blob *farewell = payload_render(request->stanza, room_address(request->room));
    struct presence_event event = presence_event_gone(session->occupant);
    event.id = request->id;
    if (!request->cut && blob_len(farewell) <= request->service->settings.limits.presence_bytes)
        event.payload = blob_span(farewell);
    end_session(session, &event);
    blob_unref(farewell);
    return NULL;
}
