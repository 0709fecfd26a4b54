#include "welcome.h"

#include "coven/ns.h"
#include "deliver.h"
#include "draft.h"
#include "history.h"
#include "message.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"
#include "presence.h"
#include "reserved_nick.h"
#include "room_avatar.h"

/* Sends the subject as the message that set it; an empty one from the room if nobody has. */
static void send_subject(const struct session *session)
{
    struct room *room = session->occupant->room;
    const struct rendered *subject = room->subject;
    if (subject) {
        struct rendered *message =
            message_delayed(room, (struct span){subject->bytes, subject->len}, subject->to_at,
                            room->subject_time, room_is_archived(room));
        deliver_to_session(session, message);
        rendered_unref(message);
        return;
    }
    struct draft draft =
        draft_open(room->service, "message", room_address(room), "groupchat", NULL);
    draft_to(&draft, session_jid(session));
    xml_element(&draft.xml, "subject", NS_CLIENT, span_of(""));
    outbox_send(room->service->outbox, room->lane, draft_close(&draft));
}

void welcome_send(const struct session *session, const struct welcome *welcome)
{
    const struct occupant *occupant = session->occupant;
    const struct room *room = occupant->room;
    struct presence_event event = presence_event_of(occupant);
    if (welcome->created)
        presence_event_code(&event, 201);
    if (room->config.whois == WHOIS_ANYONE)
        presence_event_code(&event, 100);
    if (room->config.logging)
        presence_event_code(&event, 170);
    if (welcome->renamed)
        presence_event_code(&event, 210);
    event.id = welcome->id;
    outbox_await(room->service->outbox,
                 welcome->newcomer ? OUTBOX_AWAITED_BY_NEWCOMER : OUTBOX_AWAITED);
    presence_of_others(session);
    reserved_nick_send_all(session);
    presence_echo(session, &event);
    if (welcome->history)
        history_send(session, welcome->history);
    send_subject(session);
    room_avatar_send(session);
    outbox_await(room->service->outbox, OUTBOX_NOT_AWAITED);
}
