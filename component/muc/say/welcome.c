#include "welcome.h"

#include "history.h"
#include "muc/do/subject.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "presence.h"
#include "reserved_nick.h"

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
    outbox_await(room->service->outbox,
                 welcome->newcomer ? OUTBOX_AWAITED_BY_NEWCOMER : OUTBOX_AWAITED);
    presence_of_others(session);
    reserved_nick_send_all(session);
    presence_to_session(session, &event, welcome->id);
    if (welcome->history)
        history_send(session, welcome->history);
    subject_send(session);
    outbox_await(room->service->outbox, OUTBOX_NOT_AWAITED);
}
